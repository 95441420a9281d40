"""The requests that the stock pages send, all without a token."""

from datetime import time
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from djamms.db.session import create_database_engine
from djamms.models.schedule import ScheduleEntry
from djamms.system.seed import default_playlist_id
from tests.support.api import Client

NOBODY = UUID(int=0)
READS = (
    "/api/health",
    "/health",
    "/api/scheduler/schedules",
    "/api/music/tracks?page=1&limit=50",
    "/api/playlists",
    "/api/integrations/spotify/playlists",
    "/api/system/status",
    "/api/music/search?q=%20x&genre=&artist=&year=&duration=&bitrate=&popularity=&page=1&limit=20",
    f"/api/playlists/{default_playlist_id('Opening')}/tracks",
    f"/api/integrations/spotify/tracks/{NOBODY}",
)
ORIGINS = ("http://localhost:3000", "http://localhost:4173", "http://localhost:5173")


@pytest.mark.parametrize("path", READS)
def test_answers_200_with_json_to_anyone(anonymous: Client, path: str) -> None:
    reply = anonymous.get(path, Origin=ORIGINS[0])

    assert reply.status == 200
    assert reply.json() is not None
    assert reply.headers["access-control-allow-origin"] == ORIGINS[0]


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_preflight(anonymous: Client, origin: str, method: str) -> None:
    reply = anonymous.send(
        "OPTIONS",
        "/api/playlists",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )

    assert reply.status == 200
    assert reply.headers["access-control-allow-origin"] == origin
    assert reply.headers["access-control-max-age"] == "7200"
    assert method in reply.headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/playlists/x", 422),
        ("GET", f"/api/playlists/{NOBODY}", 404),
        ("GET", "/api/music/nothing", 404),
        ("POST", "/api/playlists", 401),
        ("PATCH", "/api/playlists", 405),
        ("GET", "/api/settings/themes", 501),
    ],
)
def test_errors_have_one_shape_and_cors(
    anonymous: Client, method: str, path: str, status: int
) -> None:
    reply = anonymous.send(method, path, headers={"Origin": ORIGINS[0]})

    assert reply.status == status
    assert reply.json().keys() == {"error", "message", "requestId", "details"}
    assert reply.json()["requestId"] == reply.headers["x-request-id"]
    assert reply.headers["access-control-allow-origin"] == ORIGINS[0]


def test_unexpected_errors_have_the_same_shape(
    anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("djamms.scheduler.repository.list_entries", broken)

    reply = anonymous.get("/api/scheduler/schedules", Origin=ORIGINS[0])

    assert reply.status == 500
    assert reply.json()["error"] == "internal_error"
    assert "secret detail" not in reply.text
    assert reply.headers["access-control-allow-origin"] == ORIGINS[0]


def test_schedules_have_the_form_that_the_grid_needs(session: Session, anonymous: Client) -> None:
    session.add(
        ScheduleEntry(
            title="Morning",
            playlist_id=default_playlist_id("Opening"),
            selected_days=["monday"],
            start_time=time(8),
            end_time=time(10, 30),
        )
    )
    session.flush()

    (entry,) = anonymous.get("/api/scheduler/schedules").json()

    assert (entry["startTime"], entry["endTime"], entry["day"]) == ("08:00", "10:30", "monday")
    assert (entry["title"], entry["name"], entry["playlist"]) == ("Morning", "Morning", "Opening")
    assert entry["selectedDays"] == ["monday"]


def test_status_is_measured(anonymous: Client) -> None:
    body = anonymous.get("/api/system/status").json()

    assert body["cpu"]["cores"] >= 1
    assert 0 < body["memory"]["usage"] <= 100
    assert body["memory"]["total"] > body["memory"]["available"] > 0
    assert body["disk"]["total"] > 0
    assert body["network"]["latency"] > 0
    measured = {"cpu", "memory", "disk", "database", "search"}
    assert {check["name"] for check in body["checks"]} == {*measured, "spotify", "cache"}


def test_broken_json_is_named_as_such(anonymous: Client) -> None:
    reply = anonymous.post("/api/auth/login", '{"login": ')

    assert reply.status == 422
    assert reply.json()["details"] == [{"field": "", "reason": "not JSON at character 10"}]


def test_a_nul_in_a_text_is_refused(anonymous: Client) -> None:
    reply = anonymous.get("/api/music/tracks?artist=a%00b")

    assert (reply.status, reply.json()["error"]) == (422, "validation_failed")


def test_status_is_coarse_for_guests(anonymous: Client, as_admin: Client) -> None:
    coarse = anonymous.get("/api/system/status").json()
    full = as_admin.get("/api/system/status").json()

    assert {check["detail"] for check in coarse["checks"]} == {""}
    assert coarse["memory"]["total"] == round(coarse["memory"]["total"])
    assert (coarse["activeConnections"], full["activeConnections"]) == (None, 1)
    assert all(check["detail"] for check in full["checks"])


@pytest.mark.parametrize("path", ["/health", "/api/health", "/api/openapi.json", "/api/docs"])
def test_what_asks_nothing_works_without_a_database(
    anonymous: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    nowhere = create_database_engine("postgresql+pg8000://nobody@127.0.0.1:1/nothing")
    monkeypatch.setattr("djamms.db.session.session_factory", lambda: sessionmaker(nowhere))

    assert anonymous.get(path).status == 200
    assert anonymous.get("/api/playlists").status == 503
