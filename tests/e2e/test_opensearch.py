"""The stack with OpenSearch: what is uploaded, changed, hidden and deleted is found accordingly;
its index is made anew; and it notices what happened without it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, func, select

from djamms.search.indexing.outbox_repository import BUILDING
from local.cli import djamms
from local.errors import LocalError
from tests.e2e.conftest import (
    administrator,
    assembly_of,
    eventually,
    member,
    numbered_flac,
    scratch_stack,
    stranger,
)
from tests.e2e.grants import Excuses, World, require_all_used, use_every_grant
from tests.e2e.test_grants import DONE_BY_AWS
from tests.support.audio import numbered_tags
from tests.support.stack import LocalStack

WITH_NODE = ("--search", "opensearch")
# Between a commit and the reply that shows it.
FOUND_SECONDS = 2.0
# The first index, and a node that has just started: each try that is too slow makes the next later.
MADE_SECONDS = 150.0
# On a busy machine some answers are PostgreSQL's.
ANSWER_SECONDS = 15.0


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with scratch_stack(tmp_path_factory, *WITH_NODE) as stack:
        warm_up(stack)
        yield stack


@pytest.fixture(scope="module")
def world(searched: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with member(searched, "the-dj") as dj, administrator(searched) as admin:
        folder = tmp_path_factory.mktemp("used")
        yield World(searched, dj, admin, assembly_of(searched), folder)


@pytest.fixture(scope="module")
def visitor(searched: LocalStack) -> Iterator[httpx.Client]:
    with stranger(searched) as client:
        yield client


@pytest.fixture(scope="module")
def song(world: World) -> dict[str, Any]:
    track = world.dj.settled(world.dj.upload(numbered_flac(6001), "song.flac", "audio/flac"))
    assert track["title"] == numbered_tags(6001)["TIT2"]
    return track


def warm_up(stack: LocalStack) -> None:
    """A node that has just started is slow at first, and then PostgreSQL answers in its place."""
    eventually(lambda: answers_at_ease(stack) or None, seconds=MADE_SECONDS)


def answers_at_ease(stack: LocalStack) -> bool:
    replies = [httpx.get(f"{stack.api}/music/search?q=warm {n}", timeout=30) for n in range(5)]
    return all(is_of_the_node(reply.json()) for reply in replies)


def is_of_the_node(found: dict[str, Any]) -> bool:
    return (found["engine"], found["degraded"]) == ("opensearch", False)


def search(http: httpx.Client, q: str) -> dict[str, Any]:
    """Of the node: an answer of PostgreSQL proves nothing here."""

    def look() -> dict[str, Any] | None:
        reply = http.get("/music/search", params={"q": q})
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found if is_of_the_node(found) else None

    return eventually(look, seconds=ANSWER_SECONDS, otherwise=lambda: "the node never answered")


def finds(http: httpx.Client, q: str, track_id: str) -> bool:
    return track_id in {track["id"] for track in search(http, q)["tracks"]}


def soon(look: Callable[[], bool], what: str) -> None:
    eventually(lambda: look() or None, seconds=FOUND_SECONDS, otherwise=lambda: what)


def test_a_song_is_found_as_it_is_now(
    world: World, visitor: httpx.Client, song: dict[str, Any]
) -> None:
    path, title, artist = f"/music/tracks/{song['id']}", song["title"], song["artist"]
    soon(lambda: finds(visitor, title, song["id"]), "found by its title")
    assert finds(visitor, artist.upper(), song["id"])

    world.dj.ok("PUT", path, json={"title": "Wholly Otherwise"})

    soon(lambda: finds(visitor, "wholly otherwize", song["id"]), "found by its new title")
    assert not finds(visitor, title, song["id"])


def test_what_is_hidden_shows_to_its_owner_alone(
    world: World, visitor: httpx.Client, song: dict[str, Any]
) -> None:
    dj, path, artist = world.dj, f"/music/tracks/{song['id']}", song["artist"]
    soon(lambda: shown(visitor, artist) == (1, 1, 1), "counted")

    dj.ok("PUT", path, json={"isPublic": False})

    soon(lambda: shown(visitor, artist) == (0, 0, 0), "hidden")
    assert shown(dj.http, artist) == (1, 1, 1)
    dj.ok("PUT", path, json={"isPublic": True})
    soon(lambda: shown(visitor, artist) == (1, 1, 1), "shown again")


def shown(http: httpx.Client, artist: str) -> tuple[int, int, int]:
    """Of the total, the facet of artists, and suggestions."""
    found = search(http, artist)
    counted = sum(one["count"] for one in found["facets"].get("artist", ()))
    suggested = http.get("/music/suggest", params={"q": artist, "types": "artist"}).json()
    return found["total"], counted, len(suggested["suggestions"])


def test_what_is_deleted_is_gone(world: World, visitor: httpx.Client, song: dict[str, Any]) -> None:
    path = f"/music/tracks/{song['id']}"
    soon(lambda: shown(visitor, song["artist"])[0] == 1, "there")

    world.dj.ok("DELETE", path)

    soon(lambda: shown(visitor, song["artist"]) == (0, 0, 0), "gone")
    world.admin.ok("POST", f"{path}/restore")
    soon(lambda: shown(visitor, song["artist"]) == (1, 1, 1), "back")


def run(stack: LocalStack, *words: str) -> Result:
    return CliRunner().invoke(djamms, [*words, "--data-dir", str(stack.data.root)])


def test_a_new_index_is_waited_for(
    world: World, visitor: httpx.Client, song: dict[str, Any]
) -> None:
    done = run(world.stack, "reindex", "--wait")

    assert done.exit_code == 0, done.output
    last = done.output.strip().splitlines()[-1]
    assert last.startswith("djamms-"), done.output
    assert last.endswith(" documents."), done.output
    assert finds(visitor, song["artist"], song["id"])


def test_an_index_on_its_way_is_cancelled(
    world: World, visitor: httpx.Client, song: dict[str, Any]
) -> None:
    before = run(world.stack, "reindex", "--cancel")
    with nobody_builds(world.stack):
        begun = run(world.stack, "reindex", "--no-wait")
        again = run(world.stack, "reindex", "--no-wait")
        cancelled = run(world.stack, "reindex", "--cancel")

    assert (before.exit_code, before.output) == (0, "No index is on its way now.\n")
    assert begun.exit_code == again.exit_code == cancelled.exit_code == 0
    assert begun.output.endswith(" is on its way.\n")
    assert again.output == begun.output, "one at a time"
    assert cancelled.output == "No index is on its way now.\n"
    assert finds(visitor, song["artist"], song["id"]), "the live one serves on"


@contextmanager
def nobody_builds(stack: LocalStack) -> Iterator[None]:
    """Somebody else is at it, and gets nowhere; changes are told meanwhile."""
    engine = create_engine(stack.database_url)
    with engine.connect() as connection, connection.begin():
        connection.execute(select(func.pg_advisory_xact_lock(BUILDING)))
        yield
    engine.dispose()


def test_every_grant_is_used(world: World) -> None:
    use_every_grant(world)
    tell_the_indexer(world)

    require_all_used(world, {**DONE_BY_AWS, **DONE_FOR_SEARCH})


DONE_FOR_SEARCH: Excuses = {
    ("indexer", "sqs:ChangeMessageVisibility"): "Lambda's poller, for what a batch left over",
    ("indexer", "sqs:SendMessage"): "the function, when there is more to do than it has time for",
}


def tell_the_indexer(world: World) -> None:
    """A change of something found, by each function that can make one."""
    hide_and_restore(world)
    put_away(world)
    world.admin.ok("POST", "/system/search/reindex")
    world.stack.job("reindex")


def hide_and_restore(world: World) -> None:
    track = world.dj.settled(world.dj.upload(numbered_flac(6002), "flagged.flac"))
    flag = {"trackId": track["id"], "reason": "other", "note": "odd"}
    world.dj.ok("POST", "/moderation/flags", json=flag)
    for act in ("hide", "restore"):
        path = f"/moderation/queue/{track['id']}/{act}"
        world.admin.ok("POST", path, json={"note": "looked at"})


def put_away(world: World) -> None:
    """An account with a playlist that others might have seen."""
    with member(world.stack, "short-lived") as person:
        person.ok("POST", "/playlists", json={"name": "Mine", "isPublic": False})
        account = person.ok("GET", "/auth/user")
    path = f"/auth/users/{account['id']}"
    world.admin.ok("PUT", path, json={"isActive": False})


def test_what_changed_without_the_node_is_found_with_it(
    world: World, visitor: httpx.Client, song: dict[str, Any]
) -> None:
    stack, path = world.stack, f"/music/tracks/{song['id']}"
    restart(stack)
    refused = run(stack, "reindex")
    assert isinstance(refused.exception, LocalError)
    assert str(refused.exception).startswith("PostgreSQL searches here")
    world.dj.ok("PUT", path, json={"title": "Meanwhile Renamed"})
    found = visitor.get("/music/search", params={"q": "meanwhile renamed"}).json()
    assert (found["engine"], found["total"]) == ("postgres", 1)

    restart(stack, *WITH_NODE)
    warm_up(stack)

    assert finds(visitor, "meanwhile renamed", song["id"])
    assert not finds(visitor, "wholly otherwise", song["id"])


def restart(stack: LocalStack, *words: str) -> None:
    stack.stop()
    stack.words = words
    stack.start()
