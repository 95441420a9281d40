"""One real stack for the whole session, started by `djamms up`; everything else is HTTP."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from local.assembly import Assembly
from local.build import load
from tests.e2e.stack.test_browser import Site
from tests.support.audio import VORBIS_NAMES, make_flac, mp3, numbered_tags
from tests.support.pictures import cover
from tests.support.stack import LocalStack

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """Another origin, for pages; there before the stack, which has to know it."""
    with Site("") as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        yield site
        site.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[LocalStack]:
    with scratch_stack(tmp_path_factory, "--origin", site.origin) as running:
        yield running


class scratch_stack:  # noqa: N801 -- a context manager, as contextlib names them
    """A started stack; nothing of it is left afterwards, wherever its database lies."""

    def __init__(self, factory: pytest.TempPathFactory, *words: str) -> None:
        self._stack = LocalStack(factory.mktemp("stack"), words=words)

    def __enter__(self) -> LocalStack:
        return self._stack.start()

    def __exit__(self, *_: object) -> None:
        self._stack.discard()


@pytest.fixture(scope="session")
def assembly(stack: LocalStack) -> Assembly:
    return assembly_of(stack)


def assembly_of(stack: LocalStack) -> Assembly:
    """What runs there."""
    urls = stack.status()["urls"]
    search = urls.get("search", "")
    return load(emulator_url=urls["aws"], base_url=stack.origin, origins=(), search_url=search)


@dataclass
class Person:
    """Someone with an account, and what a client does for them."""

    http: httpx.Client
    username: str

    def ok(self, method: str, path: str, **words: Any) -> Any:
        reply = self.http.request(method, path, **words)
        assert reply.is_success, f"{method} {path}: {reply.status_code} {reply.text}"
        return reply.json()

    def register(self) -> None:
        words = {"username": self.username, "email": f"{self.username}@example.com"}
        reply = self.ok("POST", "/auth/register", json={**words, "password": PASSWORD})
        self.http.headers["Authorization"] = f"Bearer {reply['token']}"

    def upload(self, content: bytes, filename: str, content_type: str = "audio/mpeg") -> str:
        """The id of the track to be; the storage has the file."""
        announced = {"filename": filename, "contentType": content_type, "size": len(content)}
        reply = self.ok("POST", "/music/tracks", json=announced)
        form = reply["upload"]
        stored = httpx.post(form["url"], data=form["fields"], files={"file": content}, timeout=30)
        assert stored.is_success, stored.text
        return str(reply["track"]["id"])

    def settled(self, track_id: str) -> dict[str, Any]:
        """The track, ready or failed."""

        def look() -> dict[str, Any] | None:
            track: dict[str, Any] = self.ok("GET", f"/music/tracks/{track_id}")
            return track if track["state"] in ("ready", "failed") else None

        return eventually(look)


def eventually[T](
    look: Callable[[], T | None],
    *,
    seconds: float = 60,
    otherwise: Callable[[], object] = lambda: "it never happened",
) -> T:
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.05)
    return found


@contextmanager
def member(stack: LocalStack, username: str) -> Iterator[Person]:
    """Signed up just now."""
    with httpx.Client(base_url=stack.api, timeout=60) as http:
        person = Person(http, username)
        person.register()
        yield person


@contextmanager
def administrator(stack: LocalStack) -> Iterator[Person]:
    account = stack.administrator
    with httpx.Client(base_url=stack.api, timeout=60) as http:
        person = Person(http, account["username"])
        words = {"login": account["email"], "password": account["password"]}
        token = person.ok("POST", "/auth/login", json=words)["token"]
        person.http.headers["Authorization"] = f"Bearer {token}"
        yield person


@contextmanager
def stranger(stack: LocalStack) -> Iterator[httpx.Client]:
    """As the stock pages are: no token at all."""
    headers = {"Content-Type": "application/json", "Origin": "http://localhost:5173"}
    with httpx.Client(base_url=stack.api, headers=headers, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def dj(stack: LocalStack) -> Iterator[Person]:
    with member(stack, "the-dj") as person:
        yield person


@pytest.fixture(scope="session")
def admin(stack: LocalStack) -> Iterator[Person]:
    with administrator(stack) as person:
        yield person


@pytest.fixture(scope="session")
def guest(stack: LocalStack) -> Iterator[httpx.Client]:
    with stranger(stack) as client:
        yield client


def numbered_mp3(number: int) -> bytes:
    return mp3(numbered_tags(number), seconds=10, pictures=[cover()])


def numbered_flac(number: int) -> bytes:
    tags = {VORBIS_NAMES[name]: value for name, value in numbered_tags(number).items()}
    return make_flac(tags, seconds=4, pictures=[cover()])
