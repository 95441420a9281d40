"""Schedule expressions, against EventBridge Scheduler's documentation."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.errors import LocalError
from local.triggers.expressions import parse


def instants(expression: str, timezone: str, after: str, count: int) -> list[str]:
    """The next instants in UTC, without seconds."""
    due, last = parse(expression, timezone), datetime.fromisoformat(after).replace(tzinfo=UTC)
    found: list[str] = []
    while len(found) < count and (instant := due(last)) is not None:
        found.append(instant.strftime("%Y-%m-%dT%H:%M"))
        last = instant
    return found


@pytest.mark.parametrize(
    ("expression", "period"),
    [
        ("rate(1 minute)", timedelta(minutes=1)),
        ("rate(5 minutes)", timedelta(minutes=5)),
        ("rate(12 hours)", timedelta(hours=12)),
        ("rate(7 days)", timedelta(days=7)),
    ],
)
def test_rate_is_elapsed_time(expression: str, period: timedelta) -> None:
    now = datetime(2026, 3, 28, 23, tzinfo=UTC)

    assert parse(expression, "Europe/Berlin")(now) == now + period


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(15 10 * * ? *)", ["2026-01-01T10:15", "2026-01-02T10:15"]),
        ("cron(0/20 8-9 ? * MON-FRI *)", ["2026-01-01T08:00", "2026-01-01T08:20"]),
        ("cron(0 0 1 * ? *)", ["2026-02-01T00:00", "2026-03-01T00:00"]),
        ("cron(0 10 ? * 6L 2026)", ["2026-01-30T10:00", "2026-02-27T10:00"]),
        ("cron(0 10 ? * MON#2 *)", ["2026-01-12T10:00", "2026-02-09T10:00"]),
        ("cron(0 0 L * ? *)", ["2026-01-31T00:00", "2026-02-28T00:00"]),
        ("cron(0 0 LW * ? *)", ["2026-01-30T00:00", "2026-02-27T00:00"]),
        ("cron(0 0 15W * ? *)", ["2026-01-15T00:00", "2026-02-16T00:00"]),
        ("cron(0 0 1W 8 ? *)", ["2026-08-03T00:00", "2027-08-02T00:00"]),
        ("cron(0 0 ? * L *)", ["2026-01-03T00:00", "2026-01-10T00:00"]),
        ("cron(0 0 ? JAN,jul 1 *)", ["2026-01-04T00:00", "2026-01-11T00:00"]),
        ("cron(0 12 29 2 ? *)", ["2028-02-29T12:00", "2032-02-29T12:00"]),
        ("cron(30 6 1,15 */6 ? *)", ["2026-01-01T06:30", "2026-01-15T06:30"]),
    ],
)
def test_cron(expression: str, expected: list[str]) -> None:
    assert instants(expression, "UTC", "2026-01-01T00:00", 2) == expected


def test_cron_is_read_in_its_time_zone() -> None:
    found = instants("cron(0 3 * * ? *)", "Europe/Berlin", "2026-03-27T12:00", 3)

    assert found == ["2026-03-28T02:00", "2026-03-29T01:00", "2026-03-30T01:00"]


def test_time_that_the_clock_skips_is_not_due_that_day() -> None:
    found = instants("cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-28T00:00", 2)

    assert found == ["2026-03-28T01:30", "2026-03-30T00:30"]


def test_time_that_occurs_twice_is_due_the_first_time() -> None:
    found = instants("cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-24T12:00", 2)

    assert found == ["2026-10-25T00:30", "2026-10-26T01:30"]


@pytest.mark.parametrize(
    ("timezone", "instant"), [("UTC", "2026-06-01T12:00"), ("America/New_York", "2026-06-01T16:00")]
)
def test_at_is_due_once(timezone: str, instant: str) -> None:
    assert instants("at(2026-06-01T12:00:00)", timezone, "2026-01-01T00:00", 2) == [instant]


def test_year_that_has_passed_is_never_due() -> None:
    assert instants("cron(0 0 1 1 ? 2025)", "UTC", "2026-01-01T00:00", 1) == []


@pytest.mark.parametrize(
    "expression",
    [
        "every 5 minutes",
        "rate(0 minutes)",
        "rate(5 weeks)",
        "cron(0 0 * * ?)",
        "cron(0 0 * * * *)",
        "cron(0 0 ? * ? *)",
        "cron(60 0 * * ? *)",
        "cron(0 0 32 * ? *)",
        "cron(0 0 ? * FUNDAY *)",
        "cron(9-3 0 * * ? *)",
        "cron(0/0 0 * * ? *)",
        "at(tomorrow)",
    ],
)
def test_malformed_expression_is_one_sentence(expression: str) -> None:
    with pytest.raises(LocalError, match="schedule"):
        parse(expression, "UTC")


def test_unknown_time_zone_is_one_sentence() -> None:
    with pytest.raises(LocalError, match="Europe/Atlantis"):
        parse("rate(1 minute)", "Europe/Atlantis")


ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kolkata"]


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_daily_instants_read_the_same_on_the_wall(
    zone: str, hour: int, minute: int, start: datetime
) -> None:
    due = parse(f"cron({minute} {hour} * * ? *)", zone)

    for _ in range(5):
        instant = due(start)
        assert instant is not None
        local = instant.astimezone(ZoneInfo(zone))
        assert (local.hour, local.minute, local.fold) == (hour, minute, 0)
        assert timedelta(0) < instant - start <= timedelta(hours=49)
        start = instant
