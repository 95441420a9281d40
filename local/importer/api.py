"""The public API as an importer needs it: signed in, patient, by the wire contract's names."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from local.errors import LocalError
from local.importer.journal import Target
from local.importer.patience import Patience

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Account:
    """How to sign in: a ready token, or a name with its password."""

    login: str | None = None
    password: str | None = None
    token: str | None = None


class Refused(Exception):
    """The server understood the request and does not do it."""

    def __init__(self, response: httpx.Response) -> None:
        reply = body_of(response)
        self.status = response.status_code
        self.code = str(reply.get("error") or f"http_{response.status_code}")
        self.message = str(reply.get("message") or f"The server answered {response.status_code}.")
        super().__init__(self.message)


class SignInFailed(LocalError):
    """There is no way to be someone on this server."""


@dataclass(frozen=True, slots=True)
class TrackState:
    """`state` is uploading, processing, ready or failed; code and message of a failed one."""

    state: str
    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class NewFile:
    filename: str
    content_type: str
    size_bytes: int
    is_public: bool

    def words(self) -> dict[str, Any]:
        return {
            "filename": self.filename,
            "contentType": self.content_type,
            "size": self.size_bytes,
            "isPublic": self.is_public,
        }


class Api:
    def __init__(
        self, client: httpx.AsyncClient, base_url: str, account: Account, patience: Patience
    ) -> None:
        self.client, self.base_url = client, base_url.rstrip("/")
        self._account, self._patience = account, patience
        self._token = account.token
        self._refresh_token: str | None = None
        self._renewing = asyncio.Lock()
        # The two long requests take turns: for one that waits, a server starts another process.
        self._turn = asyncio.Lock()

    async def sign_in(self) -> None:
        if self._token is None:
            await self._renew(None)

    async def request_uploads(self, files: Sequence[NewFile]) -> list[tuple[str, Target]]:
        """For each file the id of the track to be, and where to send it: for all, or none."""
        words = {"files": [file.words() for file in files]}
        async with self._turn:
            response = await self._call("POST", "/music/tracks/bulk-upload", json=words)
        if response.status_code != 201:
            raise Refused(response)
        return [granted(upload) for upload in response.json()["uploads"]]

    async def state(self, track_id: str) -> TrackState | None:
        """None when the server knows nothing of this track."""
        response = await self._call("GET", f"/music/tracks/{track_id}")
        if response.status_code == 404:
            return None
        if response.status_code != 200:
            raise Refused(response)
        track = response.json()
        failure = track.get("failure") or {}
        return TrackState(track["state"], failure.get("code"), failure.get("message"))

    async def newest(self, limit: int, page: int = 1) -> tuple[list[str], int]:
        """Ids of the tracks that became ready last, and how many tracks there are."""
        words = {"sort": "newest", "limit": limit, "page": page}
        async with self._turn:
            response = await self._call("GET", "/music/tracks", params=words)
        if response.status_code != 200:
            raise Refused(response)
        reply = response.json()
        return [track["id"] for track in reply["tracks"]], reply["pagination"]["total"]

    async def present(self, track_ids: Iterable[str]) -> set[str]:
        """Those of the ids that are tracks; may miss some, never invents one.

        Paging through the library costs a twentieth per track, but meets everyone's tracks.
        """
        wanted = set(track_ids)
        _, total = await self.newest(1)
        if not wanted or total > 20 * len(wanted):
            return set()
        found: set[str] = set()
        for page in range(1, total // PAGE + 2):
            found.update((await self.newest(PAGE, page))[0])
        return found & wanted

    async def _call(self, method: str, path: str, **words: Any) -> httpx.Response:
        token = self._token
        response = await self._send(method, path, token, **words)
        if response.status_code == 401:
            await self._renew(token)
            response = await self._send(method, path, self._token, **words)
        if response.status_code == 401:
            raise SignInFailed(f"The server does not let us in: {Refused(response).message}")
        return response

    async def _send(
        self, method: str, path: str, token: str | None, **words: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self.base_url + path
        return await self._patience.get(
            lambda: self.client.request(method, url, headers=headers, **words)
        )

    async def _renew(self, stale: str | None) -> None:
        """One renewal for all who met the same 401."""
        async with self._renewing:
            if self._token != stale:
                return
            if not (self._refresh_token and await self._refresh()):
                await self._login()

    async def _refresh(self) -> bool:
        words = {"refreshToken": self._refresh_token}
        self._refresh_token = None
        return self._accept(await self._send("POST", "/auth/refresh", None, json=words))

    async def _login(self) -> None:
        if not (self._account.login and self._account.password):
            raise SignInFailed(
                "The token is not valid any more; sign in again, or give a password."
            )
        words = {"login": self._account.login, "password": self._account.password}
        response = await self._send("POST", "/auth/login", None, json=words)
        if not self._accept(response):
            raise SignInFailed(
                f"Signing in as {self._account.login} failed: {Refused(response).message}"
            )

    def _accept(self, response: httpx.Response) -> bool:
        if response.status_code != 200:
            return False
        reply = body_of(response)
        self._token = reply.get("token")
        self._refresh_token = reply.get("refreshToken")
        return self._token is not None


def granted(reply: dict[str, Any]) -> tuple[str, Target]:
    upload = reply["upload"]
    expires_at = datetime.fromisoformat(upload["expiresAt"]).timestamp()
    return reply["track"]["id"], Target(upload["url"], upload["fields"], expires_at)


def body_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of a reply; empty when it has none."""
    try:
        reply = response.json()
    except ValueError:
        return {}
    return reply if isinstance(reply, dict) else {}
