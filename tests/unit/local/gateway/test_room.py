"""A disk without room: uploads are refused before anything is lost, all else goes on."""

import json
from pathlib import Path

import pytest

from local.gateway_event import HttpRequest
from local.room import RESERVE_BYTES, Room


def room(free_bytes: int) -> Room:
    return Room(Path("/data"), free_bytes=lambda: free_bytes)


def request(method: str, path: str) -> HttpRequest:
    return HttpRequest(method, path, "", (), b"", "127.0.0.1", "HTTP/1.1")


@pytest.mark.parametrize("path", ["/api/music/tracks", "/api/music/tracks/bulk-upload"])
def test_an_upload_is_refused_in_the_error_shape(path: str) -> None:
    reply = room(RESERVE_BYTES - 1).refuse(request("POST", path), "r1")

    assert reply is not None
    body = json.loads(reply.body)
    assert reply.status == 507
    assert (body["error"], body["requestId"]) == ("insufficient_storage", "r1")
    assert "/data" in body["message"]
    assert (b"access-control-allow-origin", b"*") in reply.headers


@pytest.mark.parametrize(
    ("free_bytes", "method", "path"),
    [
        (RESERVE_BYTES, "POST", "/api/music/tracks"),
        (0, "GET", "/api/music/tracks"),
        (0, "POST", "/api/auth/login"),
    ],
)
def test_all_else_goes_on(free_bytes: int, method: str, path: str) -> None:
    assert room(free_bytes).refuse(request(method, path), "r1") is None


def test_the_report_says_whether_uploads_are_taken() -> None:
    assert room(5_000_000_000).report() == {"freeGb": 5.0, "takesUploads": True}
    assert room(1_000_000).report() == {"freeGb": 0.0, "takesUploads": False}


def test_measures_the_disk_that_the_data_lies_on(tmp_path: Path) -> None:
    assert Room(tmp_path).report()["freeGb"] > 0
