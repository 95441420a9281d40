"""The API and the storage in memory, behind an HTTP transport, with faults on request."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qs

import httpx

API = "http://music.test/api"
STORAGE = "http://storage.test/media"
PASSWORD = "correct horse"

type Fault = Callable[[httpx.Request], httpx.Response | Exception | None]


@dataclass
class Track:
    id: str
    filename: str
    state: str = "uploading"
    failure: dict[str, str] | None = None
    body: bytes = b""


@dataclass
class FakeServer(httpx.AsyncBaseTransport):
    """`ingest` says what becomes of a file that arrives: a state, and a failure code."""

    tracks: dict[str, Track] = field(default_factory=dict)
    ready: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    ingest: Callable[[Track], tuple[str, str | None]] = lambda _: ("ready", None)
    form_lifetime: timedelta = timedelta(hours=1)
    valid_token: str = "token-0"
    valid_refresh: str = "refresh-0"
    requests: list[dict[str, Any]] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = f"{request.method} {request.url.path}"
        self.calls[re.sub(r"/t\d+$", "/:id", name)] += 1
        for fault in self.faults:
            found = fault(request)
            if isinstance(found, Exception):
                raise found
            if found is not None:
                return found
        await request.aread()
        return self._answer(request)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "storage.test":
            return self._store(request)
        path = request.url.path.removeprefix("/api")
        if path == "/health":
            return httpx.Response(200, json={})
        if path.startswith("/auth/"):
            return self._sign_in(path, json.loads(request.content))
        if request.headers.get("authorization") != f"Bearer {self.valid_token}":
            return httpx.Response(401, json={"error": "invalid_token", "message": "Expired."})
        if request.method == "POST":
            return self._request_all(json.loads(request.content)["files"])
        if path == "/music/tracks":
            return self._list(parse_qs(request.url.query.decode()))
        return self._state(path.rpartition("/")[2])

    def _sign_in(self, path: str, words: dict[str, str]) -> httpx.Response:
        is_known = (
            words.get("refreshToken") == self.valid_refresh
            if path == "/auth/refresh"
            else words.get("password") == PASSWORD
        )
        if not is_known:
            return httpx.Response(401, json={"error": "invalid", "message": "Wrong."})
        return httpx.Response(
            200, json={"token": self.valid_token, "refreshToken": self.valid_refresh}
        )

    def _request_all(self, files: list[dict[str, Any]]) -> httpx.Response:
        if any("impossible" in file["filename"] for file in files):
            return httpx.Response(422, json={"error": "invalid", "message": "Impossible."})
        return httpx.Response(201, json={"uploads": [self._request(file) for file in files]})

    def _request(self, words: dict[str, Any]) -> dict[str, Any]:
        self.requests.append(words)
        track = Track(f"t{len(self.tracks)}", words["filename"])
        self.tracks[track.id] = track
        upload = {
            "method": "POST",
            "url": STORAGE,
            "fields": {"key": f"uploads/{track.id}", "policy": "p"},
            "expiresAt": (datetime.now(UTC) + self.form_lifetime).isoformat(),
        }
        return {"track": {"id": track.id}, "upload": upload}

    def _store(self, request: httpx.Request) -> httpx.Response:
        fields = form_of(request)
        track = self.tracks[fields["key"].decode().removeprefix("uploads/")]
        track.body = fields["file"]
        if track.state == "uploading":
            self.process(track)
        return httpx.Response(204)

    def process(self, track: Track) -> None:
        track.state, code = self.ingest(track)
        if code:
            track.failure = {"code": code, "message": f"It is {code}."}
        if track.state == "ready":
            self.ready.insert(0, track.id)

    def _list(self, words: dict[str, list[str]]) -> httpx.Response:
        limit, page = int(words["limit"][0]), int(words["page"][0])
        shown = self.ready[(page - 1) * limit : page * limit]
        tracks = [{"id": track_id} for track_id in shown]
        return httpx.Response(
            200, json={"tracks": tracks, "pagination": {"total": len(self.ready)}}
        )

    def _state(self, track_id: str) -> httpx.Response:
        track = self.tracks.get(track_id)
        if track is None:
            return httpx.Response(404, json={"error": "not_found", "message": "No such track."})
        return httpx.Response(200, json={"state": track.state, "failure": track.failure})

    @property
    def ready_bodies(self) -> list[bytes]:
        return sorted(self.tracks[track_id].body for track_id in self.ready)


def form_of(request: httpx.Request) -> dict[str, bytes]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    assert int(request.headers["content-length"]) == len(request.content)
    parts: Any = BytesParser().parsebytes(head + request.content).get_payload()
    return {name_of(part): part.get_payload(decode=True) for part in parts}


def name_of(part: Message) -> str:
    return str(part.get_param("name", header="content-disposition"))


def once(response: httpx.Response | Exception, *, path: str, times: int = 1) -> Fault:
    """A fault for the first `times` requests whose URL ends in `path`."""
    left = [times]

    def fault(request: httpx.Request) -> httpx.Response | Exception | None:
        if left[0] and str(request.url).split("?")[0].endswith(path):
            left[0] -= 1
            return response
        return None

    return fault
