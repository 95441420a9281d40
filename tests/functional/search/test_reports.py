"""What administrators learn of the searches, be they summed up by day or not yet."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from djamms.models.search_analytics import RecordedSearch
from djamms.models.system import SystemSetting
from djamms.search.analytics import reports
from djamms.search.analytics.days_repository import HOUR, midnight, sum_up
from tests.support.api import Client

REPORTS = "/api/music/search/analytics"
TODAY = date(2026, 3, 10)
YESTERDAY = TODAY - timedelta(days=1)
ADA, GRACE, LINUS = uuid4(), uuid4(), uuid4()


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    # Of the reports only: tokens are of the real day.
    now = datetime.combine(TODAY, time(22), UTC)
    monkeypatch.setattr(reports, "clock", SimpleNamespace(now=lambda: now))


def add(
    session: Session,
    query: str,
    *,
    day: date = TODAY,
    searcher: UUID | None = ADA,
    position: int | None = None,
    **values: Any,
) -> None:
    usual = {"result_count": 3, "elapsed_ms": 10.0, "engine": "postgres", "filters": {}}
    one = RecordedSearch(
        id=uuid4(),
        query=query,
        searched_at=datetime.combine(day, time(21), UTC),
        searcher=searcher,
        origin=searcher,
        clicks=0 if position is None else 1,
        click_position=position,
        **{**usual, **values},
    )
    session.add(one)
    session.flush()


@pytest.fixture(params=[False, True], ids=["as it is", "summed up"])
def settled(request: pytest.FixtureRequest, session: Session) -> Callable[[], None]:
    """Yesterday's searches, as they are or summed up: a report tells the same."""

    def settle() -> None:
        if request.param:
            for hour in range(24):
                sum_up(session, midnight(YESTERDAY) + hour * HOUR)

    return settle


def report(client: Client, path: str) -> Any:
    reply = client.get(f"{REPORTS}/{path}")
    assert reply.status == 200, reply.text
    return reply.json()


def test_sums_up_a_day(session: Session, as_admin: Client, settled: Callable[[], None]) -> None:
    for position in (1, 2, 9, None, None):
        add(session, "night", day=YESTERDAY, position=position)
    add(session, "x", day=YESTERDAY, searcher=GRACE, result_count=0, degraded=True)
    add(session, "", day=YESTERDAY, searcher=None, filters={"genre": "jazz"}, engine="opensearch")
    add(session, "blue")
    settled()

    summary = report(as_admin, "summary")

    days = {one.pop("day"): one for one in summary["days"]}
    assert list(days) == [str(TODAY - timedelta(days=6 - n)) for n in range(7)]
    assert days[str(YESTERDAY)] == {
        "searches": 7,
        "searchers": 2,
        "zeroResultShare": 0.1429,
        "clickThroughRate": 0.4286,
        "abandonment": 0.4286,
        "degradedShare": 0.1429,
        "clickPosition": {"mean": 4.0, "median": 2},
        "latency": {"p50": 9.8, "p95": 9.8, "p99": 9.8},
    }
    assert days[str(TODAY)]["searches"] == 1
    assert days["2026-03-05"]["searches"] == 0
    assert days["2026-03-05"]["latency"] == {"p50": None, "p95": None, "p99": None}
    assert (summary["from"], summary["to"]) == ("2026-03-04", "2026-03-10")
    assert (summary["all"]["searches"], summary["all"]["searchers"]) == (8, 3)
    assert summary["all"]["clickPosition"] == {"mean": 4.0, "median": 2}
    engines = [(one["engine"], one["searches"]) for one in summary["engines"]]
    assert engines == [("opensearch", 1), ("postgres", 7)]


def test_tells_latency_to_two_percent(
    session: Session, as_admin: Client, settled: Callable[[], None]
) -> None:
    for number in range(1, 101):
        add(session, "night", day=YESTERDAY, elapsed_ms=number * 3.0)
    settled()

    latency = report(as_admin, "summary")["all"]["latency"]

    assert latency["p50"] == pytest.approx(150, rel=0.02)
    assert latency["p95"] == pytest.approx(285, rel=0.02)
    assert latency["p99"] == pytest.approx(297, rel=0.02)


def test_lists_the_words_most_searched_for(
    session: Session, as_admin: Client, settled: Callable[[], None]
) -> None:
    for day in (YESTERDAY, TODAY):
        for searcher in (ADA, GRACE, LINUS):
            add(session, "night", day=day, searcher=searcher, position=3 if day == TODAY else None)
            add(session, "blue", day=day, searcher=searcher)
    add(session, "night", result_count=0)
    add(session, "grace's own", searcher=GRACE)
    add(session, "", filters={"genre": "jazz"})
    settled()

    top = report(as_admin, "queries")

    assert [one["query"] for one in top["queries"]] == ["night", "blue"]
    assert top["queries"][0] == {
        "query": "night",
        "searches": 7,
        "searchers": 6,
        "zeroResults": 1,
        "clickThroughRate": 0.4286,
        "clickPosition": 3.0,
    }
    assert top["queries"][1]["clickPosition"] is None
    assert (top["total"], top["withheldQueries"], top["withheldSearches"]) == (2, 1, 1)


def test_lists_what_is_searched_for_in_vain(
    session: Session, as_admin: Client, settled: Callable[[], None]
) -> None:
    for searcher in (ADA, GRACE, LINUS):
        add(session, "night", day=YESTERDAY, searcher=searcher)
        add(session, "nothing", day=YESTERDAY, searcher=searcher, result_count=0)
    add(session, "mine", result_count=0)
    settled()

    zero = report(as_admin, "zero-results")

    assert [(one["query"], one["zeroResults"]) for one in zero["queries"]] == [("nothing", 3)]
    assert (zero["withheldQueries"], zero["withheldSearches"]) == (1, 1)


def test_one_persons_words_stay_hidden_however_often(session: Session, as_admin: Client) -> None:
    for day in (YESTERDAY, TODAY):
        add(session, "my neighbour's name", day=day)
        add(session, "my neighbour's name", day=day)

    assert report(as_admin, "queries")["queries"] == []

    session.get_one(SystemSetting, "search.least_searchers").value = 1
    session.flush()
    assert report(as_admin, "queries")["queries"][0]["searches"] == 4


@pytest.mark.parametrize("value", [0, -1, "2", True, None, [], 1.5])
def test_a_setting_that_makes_no_sense_is_the_usual_one(
    session: Session, as_admin: Client, value: Any
) -> None:
    session.get_one(SystemSetting, "search.least_searchers").value = value
    session.flush()

    assert report(as_admin, "queries")["leastSearchers"] == 3


def test_turns_pages(session: Session, as_admin: Client) -> None:
    for number in range(5):
        for searcher in (ADA, GRACE, LINUS):
            add(session, f"word {number}", searcher=searcher)

    pages = [report(as_admin, f"queries?limit=2&page={page}") for page in (1, 2, 3, 4)]

    found = [[one["query"] for one in page["queries"]] for page in pages]
    assert found == [["word 0", "word 1"], ["word 2", "word 3"], ["word 4"], []]
    assert {page["total"] for page in pages} == {5}
    first = as_admin.get(f"{REPORTS}/queries?limit=2")
    assert first.headers["x-total-count"] == "5"
    assert 'rel="next"' in first.headers["link"]


def test_days_are_those_asked_for(session: Session, as_admin: Client) -> None:
    for days in range(10):
        add(session, "night", day=TODAY - timedelta(days=days))

    def counted(words: str) -> int:
        found: int = report(as_admin, f"summary?{words}")["all"]["searches"]
        return found

    assert counted("") == 7
    assert counted("from=2026-03-09") == 2
    assert counted("from=2026-03-05&to=2026-03-06") == 2
    assert counted("to=2026-03-01") == 1
    assert counted("from=2026-03-10&to=2026-03-10") == 1
    assert counted("from=2027-01-01") == 0


@pytest.mark.parametrize(
    "words",
    [
        "from=2026-03-10&to=2026-03-09",
        "from=2025-03-01&to=2026-03-09",
        "from=yesterday",
        "to=0001-01-01",
        "to=9999-12-31",
        "since=2026-03-09",
    ],
)
def test_refuses_days_that_are_none(as_admin: Client, words: str) -> None:
    assert as_admin.get(f"{REPORTS}/summary?{words}").status == 422


@pytest.mark.parametrize("path", ["summary", "queries", "zero-results"])
def test_is_for_administrators(
    anonymous: Client, as_user: Client, as_moderator: Client, path: str
) -> None:
    clients = (anonymous, as_user, as_moderator)

    assert [one.get(f"{REPORTS}/{path}").status for one in clients] == [401, 403, 403]
