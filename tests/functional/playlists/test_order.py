import random
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from djamms.models.playlist import Playlist
from djamms.models.user import User
from djamms.playlists.repository import GAP
from tests.functional.playlists.test_playlists import titles
from tests.support.api import Client, Reply
from tests.support.factories import add_entry, make_playlist, make_track


@pytest.fixture
def playlist(session: Session, user: User) -> Playlist:
    """A, B, C, D with no room between any two."""
    playlist = make_playlist(session, user.id)
    for key, title in enumerate("ABCD", start=1):
        add_entry(session, playlist, make_track(session, title, duration_seconds=10 * key), key)
    return playlist


def entries(client: Client, playlist: Playlist) -> dict[str, str]:
    tracks = client.get(f"/api/playlists/{playlist.id}/tracks").json()
    return {track["title"]: track["entryId"] for track in tracks}


def move(client: Client, playlist: Playlist, title: str, position: int, version: int = 1) -> Reply:
    body = {"entryId": entries(client, playlist)[title], "position": position, "version": version}
    return client.put(f"/api/playlists/{playlist.id}/reorder", body)


@pytest.mark.parametrize(
    ("title", "position", "expected"),
    [
        ("A", 0, "ABCD"),
        ("A", 1, "BACD"),
        ("A", 3, "BCDA"),
        ("A", 99, "BCDA"),
        ("D", 0, "DABC"),
        ("D", 2, "ABDC"),
        ("B", 2, "ACBD"),
    ],
)
def test_moves_one_entry(
    as_user: Client, playlist: Playlist, title: str, position: int, expected: str
) -> None:
    reply = move(as_user, playlist, title, position)

    assert reply.json()["version"] == 2
    assert "".join(titles(as_user, playlist.id)) == expected
    assert [*entries(as_user, playlist).values()] == reply.json()["entryIds"]


def test_many_moves_agree_with_a_list(as_user: Client, playlist: Playlist) -> None:
    choose, expected = random.Random(7), list("ABCD")
    for version in range(1, 41):
        title, position = choose.choice(expected), choose.randrange(5)
        expected.remove(title)
        expected.insert(position, title)
        assert move(as_user, playlist, title, position, version).status == 200

    assert titles(as_user, playlist.id) == expected


def test_rearranges_everything(as_user: Client, playlist: Playlist) -> None:
    ids = entries(as_user, playlist)
    body = {"entryIds": [ids[title] for title in "DBCA"], "version": 1}

    reply = as_user.put(f"/api/playlists/{playlist.id}/reorder", body)

    assert reply.status == 200
    assert titles(as_user, playlist.id) == list("DBCA")


@pytest.mark.parametrize("broken", [slice(0, 3), slice(0, 0)])
def test_refuses_an_order_that_is_not_complete(
    as_user: Client, playlist: Playlist, broken: slice
) -> None:
    ids = list(entries(as_user, playlist).values())

    reply = as_user.put(
        f"/api/playlists/{playlist.id}/reorder", {"entryIds": ids[broken], "version": 1}
    )

    assert reply.status == 422
    assert titles(as_user, playlist.id) == list("ABCD")


def test_a_stale_version_answers_with_the_current_order(
    as_user: Client, playlist: Playlist
) -> None:
    move(as_user, playlist, "A", 3)

    reply = move(as_user, playlist, "B", 3, version=1)

    (detail,) = reply.json()["details"]
    assert reply.status == 409
    assert detail["version"] == 2
    assert detail["entryIds"] == [*entries(as_user, playlist).values()]
    assert titles(as_user, playlist.id) == list("BCDA")


@pytest.mark.parametrize(
    "body",
    [
        {"version": 1},
        {"version": 1, "entryId": str(uuid4())},
        {"version": 1, "entryId": str(uuid4()), "position": -1},
        {"version": 1, "entryId": str(uuid4()), "position": 0, "entryIds": []},
        {"entryId": str(uuid4()), "position": 0},
    ],
)
def test_refuses_an_unclear_request(
    as_user: Client, playlist: Playlist, body: dict[str, object]
) -> None:
    assert as_user.put(f"/api/playlists/{playlist.id}/reorder", body).status == 422


def test_moving_an_unknown_entry_is_not_found(as_user: Client, playlist: Playlist) -> None:
    body = {"version": 1, "entryId": str(uuid4()), "position": 0}

    assert as_user.put(f"/api/playlists/{playlist.id}/reorder", body).status == 404


def test_removes_one_entry_or_all_of_a_track(
    session: Session, as_user: Client, playlist: Playlist
) -> None:
    twice = make_track(session, "T", duration_seconds=5)
    add_entry(session, playlist, twice, GAP)
    add_entry(session, playlist, twice, 2 * GAP)
    url = f"/api/playlists/{playlist.id}/tracks"

    by_entry = as_user.delete(f"{url}/{entries(as_user, playlist)['A']}").json()
    by_track = as_user.delete(f"{url}/{twice.id}").json()

    assert (by_entry["trackCount"], by_entry["duration"]) == (5, 100)
    assert (by_track["trackCount"], by_track["duration"], by_track["version"]) == (3, 90, 3)
    assert titles(as_user, playlist.id) == list("BCD")
    assert as_user.delete(f"{url}/{twice.id}").status == 404


def test_changes_only_what_is_given(as_user: Client, playlist: Playlist) -> None:
    url = f"/api/playlists/{playlist.id}"

    as_user.put(url, {"description": "Calm", "isPublic": True})
    body = as_user.put(url, {"name": "Night", "description": None}).json()

    assert (body["name"], body["description"], body["isPublic"]) == ("Night", None, True)
    assert body["version"] == 3
    assert as_user.put(url, {"name": None}).status == 422
    assert as_user.put(url, {"ownerId": str(uuid4())}).status == 422


def test_deletes_and_answers_with_an_object(as_user: Client, playlist: Playlist) -> None:
    reply = as_user.delete(f"/api/playlists/{playlist.id}")

    assert (reply.status, reply.json()) == (200, {"id": str(playlist.id), "deleted": True})
    assert as_user.get(f"/api/playlists/{playlist.id}").status == 404
    assert as_user.delete(f"/api/playlists/{playlist.id}").status == 404


def test_others_may_not_edit(
    session: Session, as_other: Client, as_moderator: Client, user: User
) -> None:
    playlist = make_playlist(session, user.id, is_public=True)
    url = f"/api/playlists/{playlist.id}"

    assert as_other.put(url, {"name": "Mine"}).status == 403
    assert as_other.delete(url).status == 403
    assert as_moderator.put(url, {"name": "Better"}).status == 200
