"""Versions: listed, looked at, restored."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.history import PlaylistVersion
from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.models.user import User
from djamms.playlists.history import forget_old
from djamms.playlists.repository import GAP
from tests.functional.playlists.test_order import entries, move
from tests.functional.playlists.test_playlists import titles
from tests.support.api import Client, Reply, next_link
from tests.support.factories import add_entry, make_playlist, make_track


@pytest.fixture
def playlist(session: Session, user: User) -> Playlist:
    """A, B, C, D, from before there was a history."""
    playlist = make_playlist(session, user.id, description="Calm")
    for rank, title in enumerate("ABCD", start=1):
        add_entry(session, playlist, make_track(session, title), rank * GAP)
    return playlist


def versions(client: Client, playlist: Playlist) -> list[tuple[int, str, int, int]]:
    found = client.get(f"/api/playlists/{playlist.id}/versions").json()
    return [(one["version"], one["action"], one["changed"], one["trackCount"]) for one in found]


def past(client: Client, playlist: Playlist, version: int) -> str:
    found = client.get(f"/api/playlists/{playlist.id}/versions/{version}/entries").json()
    return "".join(entry["title"] for entry in found)


def restore(client: Client, playlist: Playlist, version: int) -> Reply:
    return client.post(f"/api/playlists/{playlist.id}/versions/{version}/restore")


def edit_a_lot(client: Client, playlist: Playlist, session: Session) -> dict[int, str]:
    """One edit of each kind; version → what stood in it."""
    url, ids = f"/api/playlists/{playlist.id}", entries(client, playlist)
    new = [str(make_track(session, title).id) for title in "XY"]
    move(client, playlist, "D", 0, 1)
    client.post(f"{url}/tracks", {"trackIds": new, "position": 1})
    client.delete(f"{url}/tracks/{ids['B']}")
    client.put(url, {"name": "Night", "description": None})
    order = [*reversed(entries(client, playlist).values())]
    client.put(f"{url}/reorder", {"entryIds": order, "version": 5})
    client.delete(f"{url}/tracks/{new[0]}")
    return {1: "ABCD", 2: "DABC", 3: "DXYABC", 4: "DXYAC", 5: "DXYAC", 6: "CAYXD", 7: "CAYD"}


def test_every_edit_leaves_a_version(session: Session, as_user: Client, playlist: Playlist) -> None:
    edit_a_lot(as_user, playlist, session)

    assert versions(as_user, playlist) == [
        (7, "removed", 1, 4),
        (6, "reordered", 5, 5),
        (5, "changed", 2, 5),
        (4, "removed", 1, 5),
        (3, "added", 2, 6),
        (2, "moved", 1, 4),
        (1, "found", 0, 4),
    ]


def test_any_version_can_be_looked_at(
    session: Session, as_user: Client, playlist: Playlist
) -> None:
    expected = edit_a_lot(as_user, playlist, session)

    assert {version: past(as_user, playlist, version) for version in expected} == expected


@pytest.mark.parametrize("version", range(1, 8))
def test_any_version_can_be_restored_and_that_undone(
    session: Session, as_user: Client, playlist: Playlist, version: int
) -> None:
    expected = edit_a_lot(as_user, playlist, session)

    reply = restore(as_user, playlist, version)

    body = reply.json()
    assert (reply.status, body["version"]) == (200, 8)
    assert "".join(titles(as_user, playlist.id)) == expected[version]
    assert body["entryIds"] == [*entries(as_user, playlist).values()]
    assert (body["trackCount"], body["duration"]) == (
        len(expected[version]),
        643 * len(expected[version]),
    )
    assert (body["name"], body["description"]) == (
        ("Evening", "Calm") if version < 5 else ("Night", None)
    )
    assert restore(as_user, playlist, 7).json()["name"] == "Night"
    assert "".join(titles(as_user, playlist.id)) == expected[7]
    assert past(as_user, playlist, 8) == expected[version]


def test_restoring_says_who_sees_it_nothing(as_user: Client, playlist: Playlist) -> None:
    as_user.put(f"/api/playlists/{playlist.id}", {"isPublic": True})

    assert restore(as_user, playlist, 1).json()["isPublic"] is True


def test_a_version_says_who_made_it_and_which_is_current(
    as_user: Client, playlist: Playlist
) -> None:
    move(as_user, playlist, "D", 0, 1)

    newest = as_user.get(f"/api/playlists/{playlist.id}/versions/2").json()
    first = as_user.get(f"/api/playlists/{playlist.id}/versions/1").json()

    assert (newest["madeBy"], newest["isCurrent"]) == ("ada", True)
    assert (first["madeBy"], first["isCurrent"]) == (None, False)
    assert as_user.get(f"/api/playlists/{playlist.id}/versions/3").status == 404


def test_a_new_playlist_begins_with_a_version(as_user: Client) -> None:
    made = as_user.post("/api/playlists", {"name": "New"}).json()

    (first,) = as_user.get(f"/api/playlists/{made['id']}/versions").json()

    assert (first["action"], first["version"], first["madeBy"]) == ("created", 1, "ada")


def test_pages_the_versions(session: Session, as_user: Client, playlist: Playlist) -> None:
    edit_a_lot(as_user, playlist, session)
    seen, path = [], f"/api/playlists/{playlist.id}/versions?limit=3"
    while path:
        reply = as_user.get(path)
        seen += [one["version"] for one in reply.json()]
        path = next_link(reply)

    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert reply.headers["x-total-count"] == "7"
    assert as_user.get(f"/api/playlists/{playlist.id}/versions?cursor=x").status == 400


def test_a_stale_restore_is_refused_with_the_order(as_user: Client, playlist: Playlist) -> None:
    seen = as_user.get(f"/api/playlists/{playlist.id}").headers["etag"]
    move(as_user, playlist, "D", 0, 1)
    path = f"/api/playlists/{playlist.id}/versions/1/restore"

    reply = as_user.send("POST", path, headers={"If-Match": seen})

    assert reply.status == 409
    assert reply.json()["details"][0]["entryIds"] == [*entries(as_user, playlist).values()]


def test_history_is_for_those_who_edit(
    session: Session, as_other: Client, as_user: Client, playlist: Playlist
) -> None:
    move(as_user, playlist, "D", 0, 1)
    url = f"/api/playlists/{playlist.id}"
    paths = [f"{url}/versions", f"{url}/versions/1", f"{url}/versions/1/entries", f"{url}/entries"]

    assert {as_other.get(path).status for path in paths} == {404}
    as_user.put(url, {"isPublic": True})

    assert {as_other.get(path).status for path in paths} == {403}
    assert restore(as_other, playlist, 1).status == 403


def test_an_entry_whose_track_was_erased_does_not_return(
    session: Session, as_user: Client, playlist: Playlist
) -> None:
    as_user.delete(f"/api/playlists/{playlist.id}/tracks/{entries(as_user, playlist)['B']}")
    session.delete(session.scalar(select(Track).where(Track.title == "B")))
    session.flush()

    assert restore(as_user, playlist, 1).json()["trackCount"] == 3
    assert "".join(titles(as_user, playlist.id)) == "ACD"


def test_old_versions_go_and_what_stays_can_be_restored(
    session: Session, as_user: Client, playlist: Playlist
) -> None:
    expected = edit_a_lot(as_user, playlist, session)
    long_ago = clock.now().replace(year=2020)
    session.execute(
        update(PlaylistVersion).where(PlaylistVersion.version < 4).values(made_at=long_ago)
    )

    assert forget_old(session) == 3

    assert [version for version, *_ in versions(as_user, playlist)] == [7, 6, 5, 4]
    assert restore(as_user, playlist, 3).status == 404
    assert restore(as_user, playlist, 4).status == 200
    assert "".join(titles(as_user, playlist.id)) == expected[4]


def test_a_move_is_kept_in_little_room(
    session: Session, as_user: Client, playlist: Playlist
) -> None:
    """However long the playlist is."""
    tracks = [str(make_track(session, f"T{number}").id) for number in range(300)]
    as_user.post(f"/api/playlists/{playlist.id}/tracks", {"trackIds": tracks})

    move(as_user, playlist, "T299", 0, 2)

    size = func.pg_column_size(PlaylistVersion.undo)
    assert (session.scalar(select(size).where(PlaylistVersion.version == 3)) or 0) < 250
