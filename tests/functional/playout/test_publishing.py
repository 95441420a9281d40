"""What became current reaches the bus: in order, at least once, and in spite of failures."""

import json
from datetime import timedelta

import pytest

from djamms.models.schedule import PlayoutSource
from djamms.scheduler.plan.contenders import Rule
from tests.functional.playout.world import EVENTS, NOON, World

ROOT = EVENTS.parents[1]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def behind(world: World) -> World:
    """Playout began at 11:59 on Monday; five days with a boundary at 12 and 14 are to come."""
    world.add_entry(world.add_playlist("Jazz"))
    world.tick(NOON - MINUTE)
    world.now = NOON + timedelta(days=5, hours=-1)
    return world


def test_the_event_is_as_its_sample_says(world: World) -> None:
    world.add_entry(world.add_playlist("Jazz"))
    world.tick(NOON + MINUTE)

    [sent] = world.bus.taken
    sample = json.loads((EVENTS / "changed.json").read_text())
    [row] = world.events()
    assert (sent["Source"], sent["DetailType"]) == (sample["source"], sample["detail-type"])
    assert (sent["EventBusName"], sent["Time"]) == ("djamms-test", row.at)
    assert sent["Detail"].keys() == sample["detail"].keys()
    assert sent["Detail"] == {
        "id": row.id,
        "zone": "main",
        "at": "2026-03-09T12:01:00.000Z",
        "until": "2026-03-09T14:00:00.000Z",
        "source": "entry",
        "rule": "only",
        "entryId": str(row.entry_id),
        "overrideId": None,
        "title": "Lunch",
        "playlist": {"id": str(row.playlist_id), "name": "Jazz"},
        "missed": False,
        "recordedAt": "2026-03-09T12:01:00.000Z",
    }


def test_the_schema_has_the_words_of_the_event() -> None:
    schema = json.loads((ROOT / "docs" / "playout-changed.schema.json").read_text())
    sample = json.loads((EVENTS / "changed.json").read_text())["detail"]

    assert schema["properties"].keys() == set(schema["required"]) == sample.keys()
    assert set(schema["properties"]["source"]["enum"]) == set(PlayoutSource)
    assert set(schema["properties"]["rule"]["enum"]) == set(Rule)


def test_no_more_than_the_bus_takes_at_once_and_in_order(behind: World) -> None:
    behind.sql("UPDATE schedule_entries SET start_time = '12:00', end_time = '13:00'")
    behind.add_entry(behind.add_playlist("Soul"), 13, 14)
    behind.tick()

    ids = [entry["Detail"]["id"] for entry in behind.bus.taken]
    assert behind.bus.calls == [1, 10, 5]
    assert ids == sorted(ids)
    assert all(one.published_at for one in behind.events())


def test_nothing_is_sent_twice_where_nothing_fails(behind: World) -> None:
    behind.tick()
    sent = len(behind.bus.taken)
    behind.tick(behind.now + MINUTE)

    assert len(behind.bus.taken) == sent == len(behind.events())


def test_a_bus_that_is_down_loses_nothing(
    behind: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    behind.bus.is_down = True
    capsys.readouterr()
    answer = behind.tick()
    printed = capsys.readouterr().out
    behind.bus.is_down = False
    behind.tick(behind.now + MINUTE)

    assert (answer["recorded"], answer["published"]) == (10, False)
    assert "playout_not_published" in caplog.messages
    assert "PlayoutTicked" not in printed
    assert "PlayoutTicked" in capsys.readouterr().out
    assert behind.bus.heard() == ["House"] + ["Jazz", "House"] * 5


def test_after_one_that_the_bus_refuses_all_come_again_in_order(behind: World) -> None:
    refused = 4
    behind.bus.refuses = lambda detail: bool(detail["id"] == behind.events()[refused].id)
    behind.tick()
    behind.bus.refuses = lambda detail: False
    behind.tick(behind.now + MINUTE)

    numbers = [one.id for one in behind.events()]
    sent = [numbers.index(entry["Detail"]["id"]) for entry in behind.bus.taken]
    assert sent == [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 4, 5, 6, 7, 8, 9, 10]
    assert all(one.published_at for one in behind.events())


def test_what_was_sent_by_a_tick_that_died_is_sent_again(
    behind: World,
) -> None:
    behind.tick()
    behind.sql(
        "UPDATE playout_events SET published_at = NULL WHERE id = (SELECT max(id) FROM"
        " playout_events)"
    )
    behind.tick(behind.now + MINUTE)

    assert behind.bus.heard()[-2:] == ["House", "House"]
