"""What becomes current in a zone, of a plan and of what became current last."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from djamms.scheduler.following import CATCH_UP, INSTANT, Current, Span, follow, span_of
from djamms.scheduler.plan.contenders import Entry, Override
from djamms.scheduler.plan.instants import instant_of
from djamms.scheduler.venue import Playing, Venue

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DEFAULT = Playing(UUID(int=1), "House")
LUNCH = Entry(
    id=UUID(int=2),
    playlist_id=UUID(int=3),
    zone="UTC",
    start=12 * 60,
    end=14 * 60,
    created_at=0,
    title="Lunch",
    playlist="Jazz",
)
EMPTY = Venue((), (), DEFAULT, "UTC")
VENUE = replace(EMPTY, entries=(LUNCH,))


def override(begin: datetime, end: datetime | None = None, *, is_stop: bool = False) -> Override:
    return Override(
        id=UUID(int=9),
        playlist_id=None if is_stop else UUID(int=10),
        starts_at=instant_of(begin),
        ends_at=None if end is None else instant_of(end),
        created_at=begin.timestamp(),
        is_stop=is_stop,
        playlist="" if is_stop else "Party",
    )


def followed(venue: Venue, *moments: datetime) -> list[Current]:
    """What ticks at these moments record; the first is of a zone that is new."""
    found: list[Current] = []
    until = moments[0] - INSTANT
    for now in moments:
        span = span_of(until, now)
        found += follow(venue, span, last=found[-1].plays if found else None)
        until = span.now
    return found


def told(found: list[Current]) -> list[tuple[datetime, str, str]]:
    return [(one.at, one.source, one.playlist) for one in found]


def test_a_new_zone_begins_with_what_holds_now() -> None:
    [first] = followed(VENUE, NOON + HOUR)

    assert (first.at, first.until) == (NOON + HOUR, NOON + 2 * HOUR)
    assert (first.source, first.entry_id, first.title) == ("entry", LUNCH.id, "Lunch")
    assert (first.playlist_id, first.playlist, first.rule) == (LUNCH.playlist_id, "Jazz", "only")
    assert not first.is_missed


def test_a_boundary_is_current_from_its_own_instant() -> None:
    found = followed(VENUE, NOON - MINUTE, NOON + timedelta(seconds=20))

    assert told(found) == [(NOON - MINUTE, "default", "House"), (NOON, "entry", "Jazz")]
    assert found[0].until == NOON
    assert not found[1].is_missed


def test_a_boundary_at_the_very_second_of_a_tick_is_recorded_by_it() -> None:
    assert told(followed(VENUE, NOON - MINUTE, NOON))[1:] == [(NOON, "entry", "Jazz")]


def test_nothing_is_recorded_while_nothing_changes() -> None:
    ticks = [NOON + n * MINUTE for n in range(1, 119)]

    assert len(followed(VENUE, *ticks)) == 1


def test_an_outage_leaves_out_no_boundary_and_says_which_were_missed() -> None:
    found = followed(VENUE, NOON - MINUTE, NOON + 2 * HOUR + timedelta(seconds=30))

    assert told(found)[1:] == [(NOON, "entry", "Jazz"), (NOON + 2 * HOUR, "default", "House")]
    assert [one.is_missed for one in found] == [False, True, False]


@pytest.mark.parametrize(("late", "is_missed"), [(90, False), (91, True)])
def test_later_than_a_tick_may_be_is_missed(late: int, is_missed: bool) -> None:
    found = followed(VENUE, NOON - MINUTE, NOON + timedelta(seconds=late))

    assert found[1].is_missed is is_missed


def test_what_a_long_outage_leaves_out_is_one_row_and_the_last_days_are_complete() -> None:
    now = NOON + timedelta(days=100, minutes=30)

    found = followed(VENUE, NOON - MINUTE, now)

    assert found[1].at == now - CATCH_UP
    assert (found[1].source, found[1].is_missed) == ("entry", True)
    assert len(found) == 2 + 2 * CATCH_UP.days


def test_of_a_long_outage_that_changed_nothing_stays_no_more_than_what_held() -> None:
    found = followed(EMPTY, NOON, NOON + timedelta(days=100))

    assert told(found) == [(NOON, "default", "House")]


def test_an_entry_of_a_whole_day_every_day_is_one_row() -> None:
    whole = replace(LUNCH, start=9 * 60, end=9 * 60)

    found = followed(replace(EMPTY, entries=(whole,)), *(NOON + n * HOUR for n in range(72)))

    assert told(found) == [(NOON, "entry", "Jazz")]


def test_an_override_ends_at_its_own_second() -> None:
    begin, end = NOON + timedelta(seconds=5), NOON + timedelta(minutes=3, seconds=17)
    venue = replace(VENUE, overrides=(override(begin, end),))

    found = followed(venue, NOON, begin, NOON + 4 * MINUTE)

    assert told(found)[1:] == [(begin, "override", "Party"), (end, "entry", "Jazz")]
    assert found[1].until == end


def test_a_stop_is_silence_until_it_is_lifted() -> None:
    begin, end = NOON + timedelta(seconds=5), NOON + timedelta(seconds=45)
    stopped = replace(VENUE, overrides=(override(begin, is_stop=True),))
    last = followed(VENUE, NOON)[-1].plays

    [stop] = follow(stopped, Span(NOON, begin), last=last)
    lifted = replace(VENUE, overrides=(override(begin, end, is_stop=True),))
    [resumed] = follow(lifted, Span(begin, end), last=stop.plays)

    assert (stop.source, stop.playlist_id, stop.until) == ("stop", None, None)
    assert (resumed.at, resumed.source, resumed.playlist) == (end, "entry", "Jazz")


def test_what_was_edited_is_current_from_now_on() -> None:
    last = followed(VENUE, NOON)[-1].plays
    edited = replace(VENUE, entries=(replace(LUNCH, playlist_id=UUID(int=7), playlist="Soul"),))
    now = NOON + timedelta(minutes=7, milliseconds=250)

    [found] = follow(edited, Span(NOON + 6 * MINUTE, now), last=last)

    assert (found.at, found.playlist, found.is_missed) == (now, "Soul", False)


def test_a_title_that_was_edited_changes_nothing_that_is_heard() -> None:
    last = followed(VENUE, NOON)[-1].plays
    edited = replace(VENUE, entries=(replace(LUNCH, title="Brunch"),))

    assert list(follow(edited, Span(NOON, NOON + MINUTE), last=last)) == []


def test_the_default_plays_for_an_entry_whose_playlist_was_deleted() -> None:
    gone = replace(VENUE, entries=(replace(LUNCH, playlist_id=None, playlist=""),))

    [found] = followed(gone, NOON)

    assert (found.source, found.entry_id) == ("entry", LUNCH.id)
    assert (found.playlist_id, found.playlist) == (DEFAULT.id, "House")


def test_without_a_default_nothing_is_said_to_play() -> None:
    [found] = followed(replace(EMPTY, default=None), NOON)

    assert (found.source, found.rule, found.playlist_id) == ("nothing", "nothing", None)


def test_clocks_that_differ_a_little_do_not_make_what_was_current_so_again() -> None:
    found = followed(VENUE, NOON - MINUTE, NOON, NOON - timedelta(seconds=2), NOON + MINUTE)

    assert told(found)[1:] == [(NOON, "entry", "Jazz")]


def test_a_stop_is_heard_although_a_clock_is_a_little_behind() -> None:
    begin = NOON + timedelta(seconds=1)
    last = followed(VENUE, NOON + timedelta(seconds=20))[-1].plays
    stopped = replace(VENUE, overrides=(override(begin, is_stop=True),))

    [found] = follow(stopped, span_of(NOON + timedelta(seconds=20), begin), last=last)

    assert found.source == "stop"
    assert found.at > NOON + timedelta(seconds=20)


def test_a_clock_that_was_hours_ahead_is_followed_again() -> None:
    span = span_of(NOON + 3 * HOUR, NOON)

    assert (span.since, span.now, span.went_back) == (NOON, NOON, True)
