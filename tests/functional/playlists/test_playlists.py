from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from djamms.models.library import StarredPlaylist
from djamms.models.user import User
from djamms.playlists.repository import GAP
from tests.support.api import Client, next_link
from tests.support.factories import add_entry, make_playlist, make_track


def titles(client: Client, playlist_id: object) -> list[str]:
    tracks = client.get(f"/api/playlists/{playlist_id}/tracks").json()
    assert [track["position"] for track in tracks] == list(range(len(tracks)))
    return [track["title"] for track in tracks]


def test_creates_a_private_playlist(as_user: Client, as_other: Client, user: User) -> None:
    reply = as_user.post("/api/playlists", {"name": " Evening ", "description": "Calm"})

    body = reply.json()
    assert reply.status == 201
    assert reply.headers["location"] == f"/api/playlists/{body['id']}"
    assert (body["name"], body["owner"], body["isPublic"]) == ("Evening", "ada", False)
    assert as_user.get(f"/api/playlists/{body['id']}").json() == body
    assert as_other.get(f"/api/playlists/{body['id']}").status == 404


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": " "}, {"name": None}, {"nome": "x"}])
def test_refuses_a_playlist_without_a_name(as_user: Client, body: object) -> None:
    assert as_user.post("/api/playlists", body).status == 422


def test_lists_public_and_own_playlists_as_a_bare_array(
    session: Session, anonymous: Client, as_user: Client, as_moderator: Client, user: User
) -> None:
    starred = make_playlist(session, user.id, name="Mine")
    session.add(StarredPlaylist(user_id=user.id, playlist_id=starred.id))
    session.flush()
    seeded = {"House Default", "Opening", "Peak Time", "Closing"}

    mine = as_user.get("/api/playlists")

    assert {playlist["name"] for playlist in anonymous.get("/api/playlists").json()} == seeded
    assert {playlist["name"] for playlist in mine.json()} == {*seeded, "Mine"}
    assert {p["name"] for p in mine.json() if p["isStarred"]} == {"Mine"}
    assert mine.headers["x-total-count"] == "5"
    assert len(as_moderator.get("/api/playlists").json()) == 4


@pytest.mark.parametrize("stepping", ["cursor", "page"])
def test_pages_the_playlists(session: Session, anonymous: Client, stepping: str) -> None:
    for hour in (1, 2, 2, 2, 3):  # several of one instant: the id decides
        made = datetime(2027, 1, 1, hour, tzinfo=UTC)
        make_playlist(session, None, name=f"{hour} o'clock", is_public=True, created_at=made)

    pages = list(walk(anonymous, stepping))

    names = [playlist["name"] for page in pages for playlist in page]
    assert [len(page) for page in pages] == [2, 2, 2, 2, 1]
    assert names[:5] == ["3 o'clock", *["2 o'clock"] * 3, "1 o'clock"]
    assert len({playlist["id"] for page in pages for playlist in page}) == 9


def walk(client: Client, stepping: str) -> Iterator[list[dict[str, Any]]]:
    """The pages of two, as long as there is a link to another one."""
    number, path = 1, "/api/playlists?limit=2"
    while path:
        reply = client.get(path)
        assert reply.headers["x-total-count"] == "9"
        yield reply.json()
        number, path = number + 1, next_link(reply)
        if path and stepping == "page":
            path = f"/api/playlists?limit=2&page={number}"


@pytest.mark.parametrize(
    "cursor", ["x", f"2027-01-01T00:00:00.{UUID(int=1).hex}", "2027-01-01T00:00:00Z.x"]
)
def test_refuses_a_made_up_cursor_of_playlists(anonymous: Client, cursor: str) -> None:
    assert anonymous.get(f"/api/playlists?cursor={cursor}").status == 400


def test_adds_tracks_at_the_end_and_counts_them(
    session: Session, as_user: Client, user: User
) -> None:
    playlist = make_playlist(session, user.id)
    first, second = make_track(session, "One"), make_track(session, "Two", duration_seconds=60)
    url = f"/api/playlists/{playlist.id}/tracks"

    as_user.post(url, {"trackIds": [str(first.id), str(second.id)]})
    body = as_user.post(url, {"track_ids": [str(first.id)]}).json()

    assert titles(as_user, playlist.id) == ["One", "Two", "One"]
    assert (body["trackCount"], body["duration"], body["version"]) == (3, 643 * 2 + 60, 3)
    assert len(set(body["entryIds"])) == 3


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (0, ["New", "A", "B"]),
        (1, ["A", "New", "B"]),
        (2, ["A", "B", "New"]),
        (9, ["A", "B", "New"]),
    ],
)
def test_adds_tracks_at_a_rank(
    session: Session, as_user: Client, user: User, position: int, expected: list[str]
) -> None:
    playlist = make_playlist(session, user.id)
    add_entry(session, playlist, make_track(session, "A"), GAP)
    add_entry(session, playlist, make_track(session, "B"), 2 * GAP)
    body = {"trackIds": [str(make_track(session, "New").id)], "position": position}

    as_user.post(f"/api/playlists/{playlist.id}/tracks", body)

    assert titles(as_user, playlist.id) == expected


def test_renumbers_when_there_is_no_room_between_two(
    session: Session, as_user: Client, user: User
) -> None:
    playlist = make_playlist(session, user.id)
    add_entry(session, playlist, make_track(session, "A"), 1)
    add_entry(session, playlist, make_track(session, "B"), 2)
    body = {"trackIds": [str(make_track(session, "New").id)], "position": 1}

    as_user.post(f"/api/playlists/{playlist.id}/tracks", body)
    as_user.post(f"/api/playlists/{playlist.id}/tracks", body)

    assert titles(as_user, playlist.id) == ["A", "New", "New", "B"]


def test_adds_all_or_nothing(session: Session, as_user: Client, user: User) -> None:
    playlist, unknown = make_playlist(session, user.id), str(uuid4())
    body = {"trackIds": [str(make_track(session).id), unknown]}

    reply = as_user.post(f"/api/playlists/{playlist.id}/tracks", body)

    assert reply.status == 404
    assert unknown in reply.json()["details"][0]["reason"]
    assert titles(as_user, playlist.id) == []


def test_only_owner_and_staff_add_tracks(
    session: Session, as_other: Client, as_moderator: Client, as_admin: Client, user: User
) -> None:
    playlist = make_playlist(session, user.id, is_public=True)
    private = make_playlist(session, user.id)
    body = {"trackIds": [str(make_track(session).id)]}

    def add(client: Client, playlist_id: object) -> int:
        return client.post(f"/api/playlists/{playlist_id}/tracks", body).status

    assert add(as_other, playlist.id) == 403
    assert add(as_other, private.id) == 404
    assert add(as_moderator, playlist.id) == 200
    assert add(as_moderator, private.id) == 404
    assert add(as_admin, private.id) == 200


def test_pages_by_cursor(session: Session, as_user: Client, user: User) -> None:
    playlist = make_playlist(session, user.id)
    for index in range(5):
        add_entry(session, playlist, make_track(session, f"T{index}"), (index // 2 + 1) * GAP)

    seen, path = [], f"/api/playlists/{playlist.id}/tracks?limit=2"
    while path:
        reply = as_user.get(path)
        seen += [(track["position"], track["entryId"]) for track in reply.json()]
        path = next_link(reply)

    assert [position for position, _ in seen] == [0, 1, 2, 3, 4]
    assert len({entry for _, entry in seen}) == 5


def test_refuses_a_made_up_cursor(session: Session, as_user: Client, user: User) -> None:
    playlist = make_playlist(session, user.id)

    assert as_user.get(f"/api/playlists/{playlist.id}/tracks?cursor=x").status == 400


def test_hidden_tracks_stay_hidden_in_a_public_playlist(
    session: Session, anonymous: Client, as_user: Client, user: User
) -> None:
    playlist = make_playlist(session, user.id, is_public=True)
    add_entry(session, playlist, make_track(session, "Seen"), GAP)
    add_entry(session, playlist, make_track(session, "Hidden", is_public=False), 2 * GAP)

    assert titles(anonymous, playlist.id) == ["Seen"]
    assert titles(as_user, playlist.id) == ["Seen", "Hidden"]
