"""What a client meets before it comes to any domain: CORS, HEAD, the index."""

import pytest
from sqlalchemy.orm import Session

from tests.support.api import Client
from tests.support.factories import make_track

PREFLIGHT = {
    "Origin": "http://localhost:5173",
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "content-type",
}


@pytest.mark.parametrize(
    ("header", "value", "word"),
    [
        ("Origin", "http://evil.test", "origin"),
        ("Access-Control-Request-Method", "TRACE", "method"),
        ("Access-Control-Request-Headers", "x-unknown", "headers"),
    ],
)
def test_a_refused_preflight_has_the_error_shape(
    anonymous: Client, header: str, value: str, word: str
) -> None:
    headers = PREFLIGHT | {header: value}

    reply = anonymous.send("OPTIONS", "/api/playlists", headers=headers)

    body = reply.json()
    assert (reply.status, body["error"], body["details"]) == (400, "cors_refused", [])
    assert word in body["message"]
    assert body["requestId"]
    assert reply.headers["content-type"] == "application/json"
    allowed = header != "Origin"
    assert ("access-control-allow-origin" in reply.headers) is allowed


def test_a_preflight_that_is_in_order_passes(anonymous: Client) -> None:
    reply = anonymous.send("OPTIONS", "/api/playlists", headers=PREFLIGHT)

    assert reply.status == 200
    assert reply.headers["access-control-allow-origin"] == PREFLIGHT["Origin"]
    assert reply.headers["access-control-max-age"] == "7200"


@pytest.mark.parametrize(
    "path", ["/health", "/api/playlists", "/api/music/tracks", "/api/docs", "/api/openapi.json"]
)
def test_head_is_answered_as_get(session: Session, anonymous: Client, path: str) -> None:
    head, get = anonymous.send("HEAD", path), anonymous.get(path)

    assert head.status == get.status == 200
    assert head.headers.get("etag") == get.headers.get("etag")
    assert head.headers["content-type"] == get.headers["content-type"]


def test_head_of_a_stream_redirects(session: Session, anonymous: Client) -> None:
    track = make_track(session)

    assert anonymous.send("HEAD", f"/api/music/tracks/{track.id}/stream").status == 302


def test_head_finds_no_more_than_get(anonymous: Client) -> None:
    assert anonymous.send("HEAD", "/api/auth/login").status == 405
    assert anonymous.send("HEAD", "/api/auth/user").status == 401


@pytest.mark.parametrize("path", ["/", "/api"])
def test_the_index_leads_on(session: Session, anonymous: Client, path: str) -> None:
    body = anonymous.get(path).json()

    assert (body["name"], body["version"]) == ("DJAMMS", "0.1.0")
    for link in ("docs", "openapi", "health"):
        assert anonymous.get(body[link].removeprefix("http://localhost:3001")).status == 200
