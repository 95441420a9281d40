"""`PUT /api/user/library`: a client's own lists and those that are here become one."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.track import Track
from djamms.models.user import User
from tests.support.api import Client
from tests.support.factories import make_playlist, make_track

MERGE = "/api/user/library"
EARLY, LATE = "2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z"


def merge(client: Client, **lists: Any) -> Any:
    reply = client.put(MERGE, lists)
    assert reply.status == 200, reply.text
    return reply.json()


def favorites(*dated: tuple[Track, Any]) -> list[dict[str, Any]]:
    return [{"trackId": str(track.id), "addedAt": at} for track, at in dated]


def titles(client: Client) -> list[str]:
    return [one["title"] for one in client.get("/api/user/favorites").json()]


def test_both_sides_together(session: Session, as_user: Client) -> None:
    here, there, both = (make_track(session, title) for title in ("Here", "There", "Both"))
    for track in (here, both):
        as_user.post(f"/api/user/favorites/{track.id}")

    reply = merge(as_user, favorites=favorites((there, EARLY), (both, EARLY)))

    assert titles(as_user) == ["Both", "Here", "There"]
    assert [one["trackId"] for one in reply["favorites"]] == [
        str(track.id) for track in (both, here, there)
    ]
    assert reply["favorites"][-1]["addedAt"] == "2026-01-01T10:00:00.000Z"


def test_the_newer_time_counts(session: Session, as_user: Client) -> None:
    one, two = make_track(session, "One"), make_track(session, "Two")
    merge(as_user, favorites=favorites((one, EARLY), (two, LATE), (one, EARLY)))
    merge(as_user, favorites=favorites((one, "2026-01-03T10:00:00Z"), (two, EARLY)))

    assert titles(as_user) == ["One", "Two"]


def test_sent_again_it_changes_nothing(session: Session, as_user: Client) -> None:
    track = make_track(session)
    lists = {
        "favorites": favorites((track, EARLY)),
        "recentlyPlayed": [{"trackId": str(track.id), "playedAt": EARLY, "durationPlayed": 9000}],
        "searchHistory": [{"query": "night", "searchedAt": EARLY}],
    }

    first, second = merge(as_user, **lists), merge(as_user, **lists)

    assert first == second
    assert (len(first["recentlyPlayed"]), len(first["searchHistory"])) == (1, 1)
    [played] = as_user.get("/api/user/history").json()
    assert (played["durationPlayed"], played["plays"]) == (643, 0)


def test_unknown_ids_are_told_and_spoil_nothing(session: Session, as_user: Client) -> None:
    track, stranger = make_track(session), str(uuid4())
    reply = merge(
        as_user,
        favorites=[{"trackId": "track-1"}, {"trackId": stranger}, *favorites((track, None))],
        starredPlaylists=[{"playlistId": "playlist-9"}],
        recentlyPlayed=[{"trackId": "track-1", "playedAt": EARLY}],
    )

    assert reply["unknown"] == {
        "favorites": ["track-1", stranger],
        "starredPlaylists": ["playlist-9"],
        "recentlyPlayed": ["track-1"],
    }
    assert titles(as_user) == ["Blue Train"]


def test_a_playlist_of_others_that_is_closed_is_unknown(
    session: Session, as_other: Client, user: User
) -> None:
    closed = make_playlist(session, user.id)
    public = make_playlist(session, user.id, name="Public", is_public=True)
    stars = [{"playlistId": str(one.id), "addedAt": EARLY} for one in (closed, public)]

    reply = merge(as_other, starredPlaylists=stars)

    assert reply["unknown"]["starredPlaylists"] == [str(closed.id)]
    assert [one["name"] for one in as_other.get("/api/user/starred-playlists").json()] == ["Public"]


def test_a_missing_track_stays_a_favorite(session: Session, as_user: Client) -> None:
    track = make_track(session, is_active=False)

    reply = merge(as_user, favorites=favorites((track, EARLY)))

    assert reply["unknown"]["favorites"] == []
    assert titles(as_user) == ["Blue Train"]


def removals(*dated: tuple[Track, str | None]) -> dict[str, Any]:
    gone = [{"trackId": str(track.id), "removedAt": at} for track, at in dated]
    return {"favorites": gone}


@pytest.mark.parametrize(
    ("removed_at", "expected"), [(LATE, []), (EARLY, ["Blue Train"]), (None, [])]
)
def test_what_was_taken_back_goes_unless_it_was_added_later(
    session: Session, as_user: Client, removed_at: str | None, expected: list[str]
) -> None:
    track = make_track(session)
    merge(as_user, favorites=favorites((track, "2026-01-01T22:00:00Z")))

    merge(as_user, removed=removals((track, removed_at)))

    assert titles(as_user) == expected


@pytest.mark.parametrize("by_sync", [True, False])
def test_a_device_that_was_not_told_does_not_bring_it_back(
    session: Session, as_user: Client, by_sync: bool
) -> None:
    track = make_track(session)
    stale = favorites((track, EARLY))
    merge(as_user, favorites=stale)
    if by_sync:
        merge(as_user, removed=removals((track, LATE)))
    else:
        as_user.delete(f"/api/user/favorites/{track.id}")

    merge(as_user, favorites=stale)
    assert titles(as_user) == []

    merge(as_user, favorites=favorites((track, clock.now().isoformat())))
    assert titles(as_user) == ["Blue Train"]


def test_stars_are_taken_back_too(session: Session, as_user: Client, user: User) -> None:
    playlist = str(make_playlist(session, user.id).id)
    merge(as_user, starredPlaylists=[{"playlistId": playlist, "addedAt": EARLY}])

    gone = {"starredPlaylists": [{"playlistId": playlist, "removedAt": LATE}]}
    reply = merge(as_user, removed=gone)

    assert reply["starredPlaylists"] == []


def test_a_play_that_was_reported_is_the_same_one(session: Session, as_user: Client) -> None:
    track = make_track(session)
    as_user.post(f"/api/music/tracks/{track.id}/play", {})
    moment = clock.now()
    plays = [
        {"trackId": str(track.id), "playedAt": (moment - ago).isoformat()}
        for ago in (timedelta(seconds=3), timedelta(hours=1))
    ]

    assert len(merge(as_user, recentlyPlayed=plays)["recentlyPlayed"]) == 2


def test_each_query_is_kept_once_by_its_last_time(as_user: Client) -> None:
    merge(as_user, searchHistory=[{"query": "Night", "searchedAt": LATE}, {"query": "blue"}])

    reply = merge(
        as_user,
        searchHistory=[
            {"query": "night", "searchedAt": EARLY},
            {"query": "BLUE", "searchedAt": LATE},
            {"query": "red", "searchedAt": EARLY},
        ],
    )

    assert [one["query"] for one in reply["searchHistory"]] == ["blue", "Night", "red"]


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", 4_000_000_000_000]
)
def test_times_of_a_wrong_clock_become_possible_ones(
    session: Session, as_user: Client, at: Any
) -> None:
    track = make_track(session)
    before = clock.now()

    [merged] = merge(as_user, favorites=favorites((track, at)))["favorites"]

    added = datetime.fromisoformat(merged["addedAt"])
    assert datetime(2000, 1, 1, tzinfo=UTC) <= added <= max(before, clock.now())


@pytest.mark.parametrize(
    "lists",
    [
        {"favorites": [{"trackId": "x"}] * 1001},
        {"favorites": [{"trackId": ""}]},
        {"favorites": [{"trackId": "x", "addedAt": "2026-01-01T10:00:00"}]},
        {"recentlyPlayed": [{"trackId": "x"}]},
        {"searchHistory": [{"query": " "}]},
        {"stars": []},
    ],
)
def test_refuses_what_is_no_such_list(as_user: Client, lists: dict[str, Any]) -> None:
    assert as_user.put(MERGE, lists).status == 422


def test_an_empty_library_tells_what_is_here(session: Session, as_user: Client) -> None:
    track = make_track(session)
    as_user.post(f"/api/user/favorites/{track.id}")
    session.execute(update(Track).values(is_active=False))

    assert [one["trackId"] for one in merge(as_user)["favorites"]] == [str(track.id)]
