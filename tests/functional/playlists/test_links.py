"""Playlists shared by a link."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.playlist import Playlist
from djamms.models.sharing import PlaylistLink
from djamms.models.system import SystemSetting
from djamms.models.user import User
from djamms.playlists import links
from djamms.playlists.repository import GAP
from djamms.security.repository import GUEST_ACCESS, forget_guest_access
from tests.functional.playlists.test_hidden import delete
from tests.support.api import Client, next_link
from tests.support.factories import add_entry, make_playlist, make_track


@pytest.fixture
def playlist(session: Session, user: User) -> Playlist:
    """Private: A, B, which is private too, and C."""
    playlist = make_playlist(session, user.id)
    for rank, title in enumerate("ABC", start=1):
        track = make_track(session, title, is_public=title != "B")
        add_entry(session, playlist, track, rank * GAP)
    return playlist


def make_link(client: Client, playlist: Playlist, **body: Any) -> dict[str, Any]:
    reply = client.post(f"/api/playlists/{playlist.id}/links", body)
    assert reply.status == 201
    made: dict[str, Any] = reply.json()
    assert made["url"] == f"http://localhost:3001/api/playlists/shared/{made['token']}"
    return made


def shown(client: Client, token: str) -> list[str]:
    tracks = client.get(f"/api/playlists/shared/{token}/tracks").json()
    return [track["title"] for track in tracks]


def status(client: Client, token: str) -> int:
    replies = {
        client.get(f"/api/playlists/shared/{token}{rest}").status for rest in ("", "/tracks")
    }
    (only,) = replies
    return only


def test_anybody_reads_by_a_link_what_anybody_may_see(
    session: Session, as_user: Client, anonymous: Client, playlist: Playlist
) -> None:
    make_track(session, "Elsewhere")
    token = make_link(as_user, playlist)["token"]

    body = anonymous.get(f"/api/playlists/shared/{token}").json()

    assert (body["name"], body["trackCount"], body["access"]) == ("Evening", 2, "view")
    assert shown(anonymous, token) == ["A", "C"]
    assert anonymous.get(f"/api/playlists/{playlist.id}").status == 404


def test_what_is_hidden_stays_hidden(
    session: Session, as_user: Client, as_other: Client, anonymous: Client, playlist: Playlist
) -> None:
    token = make_link(as_user, playlist)["token"]
    delete(session, "A")

    assert shown(anonymous, token) == ["C"]
    assert shown(as_other, token) == ["B", "C"]


def test_a_link_gives_no_right_to_edit(
    as_user: Client, as_other: Client, playlist: Playlist
) -> None:
    token = make_link(as_user, playlist)["token"]

    assert as_other.get(f"/api/playlists/shared/{token}").status == 200
    assert as_other.get(f"/api/playlists/{playlist.id}").status == 404
    assert as_other.put(f"/api/playlists/{playlist.id}", {"name": "Mine"}).status == 404


def test_a_link_works_where_guests_are_not_welcome(
    session: Session, as_user: Client, anonymous: Client, playlist: Playlist
) -> None:
    token = make_link(as_user, playlist)["token"]
    setting = update(SystemSetting).where(SystemSetting.key == GUEST_ACCESS)
    session.execute(setting.values(value=False))
    forget_guest_access()

    assert anonymous.get("/api/playlists").status == 401
    assert status(anonymous, token) == 200


def test_a_link_ends_with_its_time(
    session: Session,
    as_user: Client,
    anonymous: Client,
    playlist: Playlist,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    soon = clock.now() + timedelta(hours=1)
    made = make_link(as_user, playlist, expiresAt=soon.isoformat())
    assert status(anonymous, made["token"]) == 200

    past = {"expires_at": clock.now() - timedelta(seconds=1)}
    session.execute(update(PlaylistLink).values(past))

    assert status(anonymous, made["token"]) == 404
    (listed,) = as_user.get(f"/api/playlists/{playlist.id}/links").json()
    assert (listed["id"], listed["isExpired"]) == (made["id"], True)


def test_a_revoked_link_is_as_one_that_never_was(
    as_user: Client, anonymous: Client, playlist: Playlist
) -> None:
    first, second = make_link(as_user, playlist), make_link(as_user, playlist)

    assert as_user.delete(f"/api/playlists/{playlist.id}/links/{first['id']}").status == 200

    revoked = anonymous.get(f"/api/playlists/shared/{first['token']}").json()
    never = anonymous.get(f"/api/playlists/shared/{'x' * 43}").json()
    assert (revoked["error"], revoked["message"]) == (never["error"], never["message"])
    assert status(anonymous, second["token"]) == 200
    assert as_user.delete(f"/api/playlists/{playlist.id}/links/{first['id']}").status == 404


def test_a_link_of_a_deleted_playlist_leads_nowhere(
    as_user: Client, anonymous: Client, playlist: Playlist
) -> None:
    token = make_link(as_user, playlist)["token"]
    as_user.delete(f"/api/playlists/{playlist.id}")

    assert status(anonymous, token) == 404


def test_the_token_is_shown_once_and_not_kept(
    session: Session, as_user: Client, playlist: Playlist
) -> None:
    made = make_link(as_user, playlist)

    (listed,) = as_user.get(f"/api/playlists/{playlist.id}/links").json()
    kept = session.scalar(select(PlaylistLink.token_hash))

    assert len(made["token"]) == 43
    assert "token" not in listed
    assert kept == links.hash_link_token(made["token"])
    assert made["token"] not in (kept or "")


@pytest.mark.parametrize(
    "body",
    [
        {"expiresAt": "2020-01-01T00:00:00Z"},
        {"expiresAt": "2036-01-01T00:00:00"},
        {"role": "edit"},
    ],
)
def test_refuses_a_link_that_makes_no_sense(
    as_user: Client, playlist: Playlist, body: object
) -> None:
    assert as_user.post(f"/api/playlists/{playlist.id}/links", body).status == 422


def test_links_are_the_owners_business(
    as_user: Client, as_other: Client, as_admin: Client, playlist: Playlist
) -> None:
    made = make_link(as_user, playlist)
    url = f"/api/playlists/{playlist.id}/links"

    assert as_other.get(url).status == as_other.post(url, {}).status == 404
    assert as_other.delete(f"{url}/{made['id']}").status == 404
    assert as_admin.delete(f"{url}/{made['id']}").status == 200


def test_a_playlist_has_so_many_links_and_no_more(
    as_user: Client, playlist: Playlist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MOST", 1)
    make_link(as_user, playlist)

    assert as_user.post(f"/api/playlists/{playlist.id}/links", {}).status == 409


def test_pages_what_a_link_shows(as_user: Client, anonymous: Client, playlist: Playlist) -> None:
    token = make_link(as_user, playlist)["token"]
    seen, path = [], f"/api/playlists/shared/{token}/tracks?limit=1"
    while path:
        reply = anonymous.get(path)
        seen += [track["title"] for track in reply.json()]
        path = next_link(reply)

    assert seen == ["A", "C"]
