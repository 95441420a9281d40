"""What changes in PostgreSQL is found in OpenSearch."""

from typing import Any

import pytest

from djamms.search.indexing import service
from tests.functional.indexing.world import World

ADA = "00000000-0000-0000-0000-00000000000a"
EVE = "00000000-0000-0000-0000-00000000000e"
ADD_USERS = (
    "INSERT INTO users (id, username, email, password_hash)"
    " VALUES (:ada, 'ada', 'a@x.test', ''), (:eve, 'eve', 'e@x.test', '')"
)


def titles(world: World) -> set[tuple[str, str]]:
    return {(found["kind"], found["title"]) for found in world.found().values()}


def test_a_new_track_is_found_with_its_artist_and_album(live: World) -> None:
    track_id = live.add_track("Night Ferry", genre="Drum & Bass", year=1994)

    assert live.index()

    assert titles(live) == {
        ("track", "Night Ferry"),
        ("artist", "The Harbour Lights"),
        ("album", "Tides"),
    }
    document = live.found()[f"track:{track_id}"]
    assert document["genres"] == ["drumandbass"]
    assert document["tags"] == ["drum & bass"]
    assert document["year"] == 1994
    assert live.found() == live.expected()
    assert live.outbox() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tracks SET is_active = false",
        "UPDATE tracks SET is_active = false, hidden_at = now()",
        "DELETE FROM tracks",
    ],
)
def test_what_is_hidden_or_deleted_is_gone_with_its_artist(live: World, statement: str) -> None:
    live.add_track()
    live.index()

    live.sql(statement)
    live.index()

    assert live.found() == {}


@pytest.mark.parametrize(
    ("assignment", "field", "value"),
    [
        ("title = 'Day Ferry'", "title", "Day Ferry"),
        ("album = 'Ebb'", "album", "Ebb"),
        ("genre = 'Jazz'", "genre", "Jazz"),
        ("genres = '{Folk,Jazz}'", "tags", ["folk", "jazz"]),
        ("tags = '{Calm}'", "own_tags", ["Calm"]),
        ("artists = '{Ann,Bob}'", "artists", ["Ann", "Bob"]),
        ("year = 2001", "year", 2001),
        ("duration = 61", "duration", 61),
        ("bitrate = 320", "bitrate", 320),
        ("is_public = false", "is_public", False),
        ("popularity = 77", "popularity", 77),
        ("play_count = 5", "play_count", 5),
    ],
)
def test_each_change_arrives(live: World, assignment: str, field: str, value: Any) -> None:
    track_id = live.add_track()
    live.index()

    live.sql("UPDATE tracks SET @".replace("@", assignment))
    live.index()

    assert live.found()[f"track:{track_id}"][field] == value
    assert live.found() == live.expected()


def test_an_artist_is_public_as_long_as_a_track_is(live: World) -> None:
    live.add_track("One", is_public=False)
    live.add_track("Two", is_public=True)
    live.index()
    assert {found["is_public"] for found in live.found().values() if "keys" in found} == {True}

    live.sql("UPDATE tracks SET is_public = false")
    live.index()

    assert {found["is_public"] for found in live.found().values()} == {False}


def test_a_playlist_is_found_by_its_readers(live: World) -> None:
    live.sql(ADD_USERS, ada=ADA, eve=EVE)
    playlist_id = live.add_playlist("Mornings", owner_id=ADA)
    live.sql(
        "INSERT INTO playlist_collaborators (playlist_id, user_id, role)"
        " VALUES (:id, :user, 'viewer')",
        id=playlist_id,
        user=EVE,
    )
    live.index()
    assert live.found()[f"playlist:{playlist_id}"]["readers"] == [ADA, EVE]

    live.sql("UPDATE users SET is_active = false WHERE username = 'ada'")
    live.index()
    assert live.found()[f"playlist:{playlist_id}"]["readers"] == [ADA]

    live.sql("UPDATE playlists SET is_public = true, name = 'Evenings'")
    live.index()
    document = live.found()[f"playlist:{playlist_id}"]
    assert "readers" not in document
    assert (document["title"], document["is_public"]) == ("Evenings", True)

    live.sql("DELETE FROM users WHERE username = 'ada'")
    live.index()
    assert live.found() == {}


def test_nothing_is_noted_of_what_is_not_searched(live: World, wakes: list[str]) -> None:
    live.sql(ADD_USERS, ada=ADA, eve=EVE)
    live.add_track()
    live.add_playlist()
    live.add_track("Hidden", is_active=False)
    live.index()
    wakes.clear()

    live.sql("UPDATE tracks SET rating = 3, updated_at = now(), label = 'Tide Records'")
    live.sql("UPDATE playlists SET description = 'Slow', version = version + 1")
    live.sql("UPDATE users SET last_login = now()")
    live.sql("UPDATE tracks SET title = 'Still hidden' WHERE NOT is_active")

    assert live.outbox() == []
    assert wakes == []


def test_nothing_is_noted_without_an_index(world: World, wakes: list[str]) -> None:
    world.add_track()
    world.add_playlist()

    assert world.outbox() == []
    assert wakes == []


def test_what_somebody_waits_for_wakes_the_indexer_and_a_play_does_not(
    live: World, wakes: list[str]
) -> None:
    wakes.clear()
    live.add_track()
    assert wakes == ["woken"]

    live.index()
    live.sql("UPDATE tracks SET play_count = play_count + 1, popularity = 3")

    assert wakes == ["woken"]
    assert [kind for kind, _ in live.outbox()] == ["track"]


def test_the_sweeper_wakes_each_minute(live: World, wakes: list[str]) -> None:
    wakes.clear()

    assert live.run(service.sweep) == {"woken": True}

    assert wakes == ["woken"]


def test_what_is_rolled_back_leaves_nothing_and_wakes_nobody(live: World, wakes: list[str]) -> None:
    wakes.clear()

    def fail(database: Any) -> None:
        from sqlalchemy import text

        database.execute(text("INSERT INTO playlists (name) VALUES ('x')"))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        live.run(fail)

    assert (live.outbox(), wakes) == ([], [])


def test_a_document_that_the_mapping_refuses_is_in_nobody_s_way(
    live: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A year that no year is: `short` ends at 32,767."""
    track_id = live.add_track("Impossible", year=70_000, album=None)
    live.add_track("Possible", album=None)

    assert live.index()

    assert ("track", "Possible") in titles(live)
    assert ("track", "Impossible") not in titles(live)
    assert live.outbox() == []
    progress = live.run(service.progress)
    assert progress is not None
    assert progress.refused == 1

    live.sql("UPDATE tracks SET year = 1970 WHERE id = :id", id=track_id)
    live.index()
    assert ("track", "Impossible") in titles(live)


def test_a_batch_takes_what_it_can_and_goes_on(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("djamms.search.indexing.changes.BATCH", 7)
    for number in range(10):
        live.add_track(f"Ferry {number}")

    live.index()

    assert live.found() == live.expected()
    assert live.outbox() == []
