"""Which route a path belongs to."""

import pytest

from local.assembly import Route
from local.gateway_routes import Router

PATHS = [
    "/health",
    "/api/auth",
    "/api/auth/{proxy+}",
    "/api/auth/spotify/callback",
    "/api/music/{proxy+}",
    "/api/music/search",
    "/api/music/tracks/{id}/art",
]
ROUTER = Router([Route("ANY", path, path, 29.0) for path in PATHS])


@pytest.mark.parametrize(
    ("path", "resource"),
    [
        ("/health", "/health"),
        ("/api/auth", "/api/auth"),
        ("/api/auth/login", "/api/auth/{proxy+}"),
        ("/api/auth/spotify/callback", "/api/auth/spotify/callback"),
        ("/api/auth/spotify/other", "/api/auth/{proxy+}"),
        ("/api/auth/spotify", "/api/auth/{proxy+}"),
        ("/api/music/search", "/api/music/search"),
        ("/api/music/search/x", "/api/music/{proxy+}"),
        ("/api/music/tracks/1/art", "/api/music/tracks/{id}/art"),
        ("/api/music/tracks/1", "/api/music/{proxy+}"),
    ],
)
def test_takes_the_most_specific_resource(path: str, resource: str) -> None:
    match = ROUTER.match("GET", path)

    assert match is not None
    assert match.route.path == resource


@pytest.mark.parametrize("path", ["/", "/api", "/nope", "/health/", "/api/music", "/api/music/"])
def test_knows_no_other_path(path: str) -> None:
    assert ROUTER.match("GET", path) is None


def test_hands_the_rest_of_the_path_to_a_greedy_resource_as_sent() -> None:
    match = ROUTER.match("GET", "/api/music/a%2Fb//c")

    assert match is not None
    assert match.parameters == {"proxy": "a%2Fb//c"}


def test_an_encoded_slash_stays_inside_its_segment() -> None:
    match = ROUTER.match("GET", "/api/music/tracks/a%2Fb/art")

    assert match is not None
    assert match.parameters == {"id": "a%2Fb"}


def test_a_named_method_beats_any_and_others_are_unknown() -> None:
    router = Router([Route("GET", "/a", "get", 29.0), Route("ANY", "/b", "any", 29.0)])

    assert router.match("POST", "/a") is None
    match = router.match("HEAD", "/b")
    assert match is not None
    assert match.route.function == "any"
