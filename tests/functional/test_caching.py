from sqlalchemy.orm import Session

from tests.support.api import Client
from tests.support.factories import make_track


def test_an_unchanged_list_is_not_sent_again(session: Session, anonymous: Client) -> None:
    make_track(session)
    first = anonymous.get("/api/music/tracks", Origin="http://localhost:3000")
    etag = {"If-None-Match": f'"other", {first.headers["etag"]}'}

    second = anonymous.get("/api/music/tracks", Origin="http://localhost:3000", **etag)

    assert (second.status, second.text) == (304, "")
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["access-control-allow-origin"] == "http://localhost:3000"
    make_track(session, "Another")
    assert anonymous.get("/api/music/tracks", **etag).status == 200


def test_replies_are_private_and_revalidated(session: Session, anonymous: Client) -> None:
    headers = anonymous.get("/api/playlists", Origin="http://localhost:3000").headers

    assert headers["cache-control"] == "private, no-cache"
    assert {word.strip() for word in headers["vary"].split(",")} == {"Authorization", "Origin"}


def test_errors_and_redirects_keep_their_own_rules(session: Session, anonymous: Client) -> None:
    track = make_track(session)
    stream = anonymous.get(f"/api/music/tracks/{track.id}/stream")

    assert stream.headers["cache-control"] == "private, max-age=3600"
    assert "etag" not in anonymous.get("/api/music/nothing").headers


def test_security_headers(anonymous: Client) -> None:
    headers = anonymous.get("/api/playlists").headers

    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["strict-transport-security"] == "max-age=31536000"
