"""The measured system: a stack of its own with a filled library, and accounts that sign in."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.catalogue import Catalogue, CatalogueTrack
from bench.load import NamedPlaylist, fill
from tests.support.stack import LocalStack

ACCOUNTS = 16
PASSWORD = "correct horse battery staple"


@dataclass(slots=True)
class Setting:
    stack: LocalStack
    tracks: list[CatalogueTrack]
    folder: Path
    seconds: float
    token: str = ""
    playlists: Sequence[NamedPlaylist] = ()

    @property
    def authorization(self) -> str:
        return f"Authorization: Bearer {self.token}\r\n"

    def sign_in(self) -> None:
        """As the administrator, who may do everything."""
        account = self.stack.administrator
        words = {"login": account["email"], "password": account["password"]}
        reply = httpx.post(f"{self.stack.api}/auth/login", json=words, timeout=30, trust_env=False)
        self.token = reply.raise_for_status().json()["token"]

    def get(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        reply = httpx.get(self.stack.api + path, headers=headers, timeout=30, trust_env=False)
        return reply.raise_for_status().json()

    def fill(self, say: Callable[[str], None]) -> None:
        say(f"filling the library with {len(self.tracks)} tracks ...")
        fill(self.stack.database_url, self.tracks, self.playlists)
        for number in range(ACCOUNTS):
            self._register(number)

    def _register(self, number: int) -> None:
        words = {
            "username": f"bench{number}",
            "email": f"bench{number}@example.com",
            "password": PASSWORD,
        }
        url = f"{self.stack.api}/auth/register"
        httpx.post(url, json=words, timeout=30, trust_env=False).raise_for_status()


def credentials(number: int) -> bytes:
    return json.dumps({"email": f"bench{number}@example.com", "password": PASSWORD}).encode()


def catalogue(count: int) -> list[CatalogueTrack]:
    return list(Catalogue().tracks(count))
