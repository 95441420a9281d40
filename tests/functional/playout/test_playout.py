"""Ticks over a real plan: what they record, and what they say of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from djamms.models.schedule import PlayoutZone
from tests.functional.playout.world import NOON, World

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def planned(world: World) -> World:
    """Jazz from 12 to 14, and playout has begun at 11:59."""
    world.add_entry(world.add_playlist("Jazz"))
    world.tick(NOON - MINUTE)
    return world


@pytest.mark.parametrize("event", ["tick", "wake"])
def test_a_tick_and_a_wake_record_what_became_current(planned: World, event: str) -> None:
    answer = planned.tick(NOON + SECOND, event)

    assert answer == {"recorded": 1, "missed": 0, "published": True, "batchItemFailures": []}
    assert planned.recorded() == [
        (NOON - MINUTE, "default", "House"),
        (NOON, "entry", "Jazz"),
    ]


def test_ticks_at_once_record_each_boundary_once(planned: World) -> None:
    planned.now = NOON + 5 * SECOND
    together = Barrier(6)

    def tick(_: int) -> int:
        together.wait()
        return int(planned.tick()["recorded"])

    with ThreadPoolExecutor(6) as threads:
        recorded = list(threads.map(tick, range(6)))

    assert sum(recorded) == 1
    assert [one.at for one in planned.events()] == [NOON - MINUTE, NOON]
    assert planned.bus.heard() == ["House", "Jazz"]


def test_the_first_ticks_of_all_may_come_at_once(world: World) -> None:
    together = Barrier(4)

    def tick(_: int) -> None:
        together.wait()
        world.tick()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(tick, range(4)))

    assert [source for _, source, _ in world.recorded()] == ["default"]


def test_an_outage_is_made_good_and_each_missed_boundary_is_logged(
    planned: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    capsys.readouterr()
    answer = planned.tick(NOON + 26 * HOUR + 30 * SECOND)

    at = [NOON, NOON + 2 * HOUR, NOON + 24 * HOUR, NOON + 26 * HOUR]
    assert (answer["recorded"], answer["missed"]) == (4, 3)
    assert [one.at for one in planned.events()[1:]] == at
    assert [one.is_missed for one in planned.events()[1:]] == [True, True, True, False]
    assert caplog.messages.count("playout_missed") == 3
    assert '"PlayoutMissed":[3.0]' in capsys.readouterr().out


def test_of_a_very_long_outage_a_week_is_made_good(
    planned: World, caplog: pytest.LogCaptureFixture
) -> None:
    planned.tick(NOON + timedelta(days=30, hours=1))

    assert len(planned.events()) == 1 + 1 + 2 * 7
    assert planned.events()[1].at == NOON + timedelta(days=23, hours=1)
    assert "playout_not_followed" in caplog.messages


def test_a_clock_that_went_back_records_nothing_twice(planned: World) -> None:
    planned.tick(NOON + 20 * SECOND)
    for seconds in (-15, 0, 10, 40):
        planned.tick(NOON + seconds * SECOND)

    assert [one.at for one in planned.events()] == [NOON - MINUTE, NOON]


def test_a_clock_that_was_hours_ahead_is_followed_again(planned: World) -> None:
    planned.tick(NOON + 3 * HOUR)
    planned.tick(NOON + MINUTE)
    planned.tick(NOON + 2 * MINUTE)

    at = [one.at for one in planned.events()]
    assert len(set(at)) == len(at)
    assert planned.recorded()[-1] == (NOON + MINUTE, "entry", "Jazz")
    assert planned.run(lambda d: d.get_one(PlayoutZone, "main")).followed_until == NOON + 2 * MINUTE


def test_after_a_clock_went_back_a_boundary_that_was_known_is_told_again(planned: World) -> None:
    planned.tick(NOON + 3 * HOUR)
    planned.tick(NOON + MINUTE)

    planned.tick(NOON + 2 * HOUR + SECOND)
    planned.tick(NOON + 2 * HOUR + 2 * SECOND)

    assert planned.bus.heard() == ["House", "Jazz", "House", "Jazz", "House"]


def test_an_entry_that_is_edited_while_it_plays_is_current_from_the_edit_on(
    planned: World,
) -> None:
    planned.tick(NOON + SECOND)
    soul = planned.add_playlist("Soul")
    planned.sql("UPDATE schedule_entries SET playlist_id = :soul", soul=soul)
    planned.tick(NOON + 10 * MINUTE)

    assert planned.recorded()[-1] == (NOON + 10 * MINUTE, "entry", "Soul")


def test_an_override_begins_and_ends_at_its_own_seconds(planned: World) -> None:
    party = planned.add_playlist("Party")
    begin, end = NOON + 7 * SECOND, NOON + MINUTE + 23 * SECOND
    planned.tick(NOON + SECOND)
    planned.add_override(begin, end, playlist_id=party)
    planned.tick(begin + SECOND)
    planned.tick(NOON + 2 * MINUTE)

    assert planned.recorded()[2:] == [(begin, "override", "Party"), (end, "entry", "Jazz")]
    assert planned.events()[2].until == end


def test_a_stop_is_silence_and_lifting_it_brings_back_the_plan(planned: World) -> None:
    planned.tick(NOON + SECOND)
    stop = planned.add_override(NOON + 5 * SECOND, None, is_stop=True)
    planned.tick(NOON + 5 * SECOND, "wake")
    cancelled = "UPDATE schedule_overrides SET cancelled_at = :at WHERE id = :id"
    planned.sql(cancelled, at=NOON + 8 * SECOND, id=stop)
    planned.tick(NOON + 8 * SECOND, "wake")

    assert planned.recorded()[2:] == [
        (NOON + 5 * SECOND, "stop", ""),
        (NOON + 8 * SECOND, "entry", "Jazz"),
    ]
    assert planned.events()[2].override_id == stop


def test_a_stop_and_its_end_within_a_second_are_told_both(planned: World) -> None:
    planned.tick(NOON + SECOND)
    stop = planned.add_override(NOON + 5 * SECOND, None, is_stop=True)
    planned.tick(NOON + 5.1 * SECOND, "wake")
    planned.sql("DELETE FROM schedule_overrides WHERE id = :id", id=stop)
    planned.tick(NOON + 5.2 * SECOND, "wake")

    assert planned.bus.heard() == ["House", "Jazz", "", "Jazz"]


def test_the_default_plays_once_the_playlist_is_deleted(planned: World) -> None:
    planned.tick(NOON + SECOND)
    planned.sql("UPDATE playlists SET is_active = false WHERE name = 'Jazz'")
    planned.tick(NOON + MINUTE)

    assert planned.recorded()[-1] == (NOON + MINUTE, "entry", "House")


def test_a_whole_day_every_day_is_recorded_once(world: World) -> None:
    world.add_entry(world.add_playlist("Jazz"), 9, 9)
    for hours in range(60):
        world.tick(NOON + hours * HOUR)

    assert len(world.recorded()) == 1
