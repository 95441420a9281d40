"""Edits that are made on what one saw."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from djamms.models.playlist import Playlist
from tests.functional.playlists.test_order import entries, move, playlist
from tests.functional.playlists.test_playlists import titles
from tests.support.api import Client, Reply
from tests.support.factories import make_track

__all__ = ["playlist"]
type Edit = Callable[[Client, Playlist, dict[str, Any], str, dict[str, str]], Reply]


def add(
    client: Client, playlist: Playlist, body: dict[str, Any], query: str, headers: dict[str, str]
) -> Reply:
    url = f"/api/playlists/{playlist.id}"
    track = client.get(f"{url}/tracks").json()[0]["id"]
    return client.send("POST", f"{url}/tracks", body={"trackIds": [track], **body}, headers=headers)


def remove(
    client: Client, playlist: Playlist, body: dict[str, Any], query: str, headers: dict[str, str]
) -> Reply:
    entry = entries(client, playlist)["B"]
    path = f"/api/playlists/{playlist.id}/tracks/{entry}{query}"
    return client.send("DELETE", path, headers=headers)


def reorder(
    client: Client, playlist: Playlist, body: dict[str, Any], query: str, headers: dict[str, str]
) -> Reply:
    order = {"entryIds": [*reversed(entries(client, playlist).values())], **body}
    return client.send("PUT", f"/api/playlists/{playlist.id}/reorder", body=order, headers=headers)


EDITS = pytest.mark.parametrize("edit", [add, remove, reorder])


@EDITS
@pytest.mark.parametrize("by", ["version", "tag"])
def test_a_stale_edit_is_refused_with_the_current_order(
    as_user: Client, playlist: Playlist, edit: Edit, by: str
) -> None:
    tag = as_user.get(f"/api/playlists/{playlist.id}").headers["etag"]
    move(as_user, playlist, "A", 3)
    said = {"If-Match": tag} if by == "tag" else {}
    body, query = ({"version": 1}, "?version=1") if by == "version" else ({}, "")

    reply = edit(as_user, playlist, body, query, said)

    (detail,) = reply.json()["details"]
    assert reply.status == 409
    assert detail["version"] == 2
    assert detail["entryIds"] == [*entries(as_user, playlist).values()]
    assert titles(as_user, playlist.id) == list("BCDA")


@EDITS
@pytest.mark.parametrize("by", ["version", "tag"])
def test_an_edit_of_what_was_seen_is_done_and_gives_the_next_tag(
    as_user: Client, playlist: Playlist, edit: Edit, by: str
) -> None:
    url = f"/api/playlists/{playlist.id}"
    said = {"If-Match": as_user.get(url).headers["etag"]} if by == "tag" else {}
    body, query = ({"version": 1}, "?version=1") if by == "version" else ({}, "")

    reply = edit(as_user, playlist, body, query, said)

    assert (reply.status, reply.json()["version"]) == (200, 2)
    assert reply.headers["etag"] == as_user.get(url).headers["etag"]


def test_who_prefers_little_gets_no_order(
    session: Session, as_user: Client, playlist: Playlist
) -> None:
    body = {"trackIds": [str(make_track(session, "E").id)]}
    said = {"Prefer": "respond-async, Return = Minimal"}

    reply = as_user.send("POST", f"/api/playlists/{playlist.id}/tracks", body=body, headers=said)

    assert (reply.json()["entryIds"], reply.json()["trackCount"]) == (None, 5)
    assert reply.headers["preference-applied"] == "return=minimal"
    assert as_user.get(f"/api/playlists/{playlist.id}").headers["etag"] == reply.headers["etag"]
