"""What the stock pages send, through the gateway, without a token."""

import httpx
import pytest

from tests.support.stack import LocalStack

FILTERS = dict.fromkeys(("genre", "artist", "year", "duration", "bitrate", "popularity"), "")
NOWHERE = "00000000-0000-4000-8000-000000000000"
LISTS = ("/scheduler/schedules", "/playlists", "/integrations/spotify/playlists")
OBJECTS = ("/health", "/music/tracks?page=1&limit=20", "/system/status")


def allowed(reply: httpx.Response) -> str:
    return str(reply.headers.get("access-control-allow-origin", ""))


@pytest.mark.parametrize("path", LISTS)
def test_lists_are_bare_arrays(guest: httpx.Client, path: str) -> None:
    reply = guest.get(path)

    assert reply.status_code == 200
    assert isinstance(reply.json(), list)
    assert allowed(reply) in ("*", "http://localhost:5173")


@pytest.mark.parametrize("path", OBJECTS)
def test_objects_are_objects(guest: httpx.Client, path: str) -> None:
    reply = guest.get(path)

    assert reply.status_code == 200
    assert isinstance(reply.json(), dict)
    assert allowed(reply) in ("*", "http://localhost:5173")


def test_health_is_at_the_root_too(stack: LocalStack) -> None:
    assert httpx.get(f"{stack.origin}/health").status_code == 200


def test_search_sends_all_filters_always(guest: httpx.Client) -> None:
    reply = guest.get("/music/search", params={"q": " ", **FILTERS, "page": 1, "limit": 20})

    assert reply.status_code == 200
    assert set(reply.json()) >= {"tracks", "total", "query", "filters", "facets", "page", "limit"}


def test_the_tracks_of_a_playlist_are_an_array(guest: httpx.Client) -> None:
    playlist = guest.get("/playlists").json()[0]

    assert isinstance(guest.get(f"/playlists/{playlist['id']}/tracks").json(), list)


def test_spotify_tracks_need_no_account(guest: httpx.Client) -> None:
    assert guest.get("/integrations/spotify/tracks/37i9dQ").json() == []


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_every_call_may_be_preflighted(guest: httpx.Client, method: str) -> None:
    headers = {
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type",
    }

    reply = guest.options("/playlists", headers=headers)

    assert reply.is_success
    assert allowed(reply) in ("*", "http://localhost:5173")
    assert method in reply.headers["access-control-allow-methods"]
    assert "authorization" in reply.headers["access-control-allow-headers"].lower()
    assert reply.headers["access-control-max-age"] == "7200"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/music/tracks/{NOWHERE}", 404),
        ("POST", "/playlists", 401),
        ("GET", "/auth/user", 401),
        ("GET", "/nothing/here", 404),
        ("GET", "/music/tracks?limit=many", 422),
    ],
)
def test_errors_have_one_shape_and_cors(
    guest: httpx.Client, method: str, path: str, status: int
) -> None:
    reply = guest.request(method, path)

    assert reply.status_code == status
    assert set(reply.json()) >= {"error", "message", "requestId"}
    assert allowed(reply) in ("*", "http://localhost:5173")


def test_an_invalid_token_is_refused_everywhere(guest: httpx.Client) -> None:
    headers = {"Authorization": "Bearer nonsense"}

    for path in (*LISTS, "/music/tracks", "/system/status"):
        assert guest.get(path, headers=headers).status_code == 401, path
