"""What makes every function use each of its grants."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from djamms.music.ingest_events import created_message
from local.assembly import Assembly, Queue, Schedule
from local.iam.usage import read, unused
from local.paths import ROOT
from local.runtime import Runtime, RuntimeConfig
from local.triggers.invoker import Failed
from local.triggers.schedules import Scheduler
from tests.e2e.conftest import Person, eventually, numbered_flac
from tests.e2e.test_covers import use_covers
from tests.e2e.test_trash import use_the_trash
from tests.support.stack import LocalStack

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# One request to each function, so that it reads its secrets.
PATHS = (
    "/auth/user",
    "/music/tracks",
    "/music/search",
    "/playlists",
    "/user/favorites",
    "/integrations/spotify/playlists",
    "/scheduler/schedules",
    "/system/status",
    "/settings/user",
)


@dataclass(frozen=True)
class World:
    """A running stack with the people in it. `folder` is for what the test itself writes."""

    stack: LocalStack
    dj: Person
    admin: Person
    assembly: Assembly
    folder: Path


type Excuses = Mapping[tuple[str, ...], str]


def use_every_grant(world: World) -> None:
    stack, dj = world.stack, world.dj
    use_the_trash(stack, dj, world.admin, world.assembly)
    track = dj.settled(dj.upload(numbered_flac(3001), "grants.flac"))
    dj.http.get(track["audioUrl"])
    use_covers(dj)
    for path in PATHS:
        assert dj.http.get(path).status_code in (200, 501), path
    dj.ok("POST", "/auth/password-reset", json={"email": f"{dj.username}@example.com"})
    take_back(dj)
    be_silent(world.admin)
    lose_an_event(stack, dj)
    announce_nothing(stack, dj, world.assembly)
    asyncio.run(fail_schedules(world.assembly, world.folder))


def require_all_used(world: World, excused: Excuses) -> None:
    roles = [(one.name, one.role) for one in world.assembly.functions.values()]
    roles += [(schedule.name, schedule.role) for schedule in world.assembly.schedules]

    def never_used() -> list[str]:
        logged = world.stack.data.logs / "permissions-used.jsonl"
        seen = read(logged) | read(world.folder / "used.jsonl")
        return [text for text in unused(roles, seen) if not is_excused(text, excused)]

    eventually(lambda: True if not never_used() else None, seconds=10, otherwise=never_used)


def is_excused(text: str, excused: Excuses) -> bool:
    return any(all(word in text for word in words) for words in excused)


def be_silent(admin: Person) -> None:
    """For a minute: playout has itself woken for its end."""
    admin.ok("POST", "/scheduler/stop", json={"minutes": 1})

    def look() -> bool | None:
        found = admin.ok("GET", "/scheduler/history")
        return True if found and found[0]["source"] == "stop" else None

    eventually(look)
    admin.ok("POST", "/scheduler/resume")


def take_back(dj: Person) -> None:
    """An upload that never becomes a track, and whose object goes with it."""
    words = {"filename": "a.mp3", "contentType": "audio/mpeg", "size": 1}
    track_id = dj.ok("POST", "/music/tracks", json=words)["track"]["id"]
    for _ in range(2):
        dj.ok("DELETE", f"/music/tracks/{track_id}")
    assert dj.http.get(f"/music/tracks/{track_id}").status_code == 404


def lose_an_event(stack: LocalStack, dj: Person) -> None:
    """The reconcile job announces an upload whose event nobody has read yet."""
    with suspended(stack, "ingest"):
        track_id = dj.upload(numbered_flac(3002), "lost.flac")
        assert stack.job("reconcile-uploads", minAgeSeconds=0)["requeued"] == 1
    assert dj.settled(track_id)["state"] == "ready"


@contextmanager
def suspended(stack: LocalStack, function: str) -> Iterator[None]:
    workers = stack.workers(function)
    for worker in workers:
        worker.suspend()
    try:
        yield
    finally:
        for worker in workers:
            worker.resume()


def announce_nothing(stack: LocalStack, dj: Person, assembly: Assembly) -> None:
    """An event of an object that is gone: S3 says so only to who may list."""
    words = {"filename": "a.mp3", "contentType": "audio/mpeg", "size": 1}
    form = dj.ok("POST", "/music/tracks", json=words)["upload"]
    queue = ingest_queue(assembly)
    message = created_message("media", form["fields"]["key"], 1)
    sqs: SQSClient = boto3.client("sqs", **stack.aws)
    sqs.send_message(QueueUrl=queue.url, MessageBody=message)
    sqs.close()


def ingest_queue(assembly: Assembly) -> Queue:
    (source,) = (one for one in assembly.event_sources if one.function == "ingest")
    return assembly.queues[source.queue_arn]


async def fail_schedules(assembly: Assembly, folder: Path) -> None:
    """All retries fail, so that the dead letters are sent."""
    runtime = Runtime(
        assembly,
        RuntimeConfig(ROOT, folder, folder / "used.jsonl", lambda _: None, lambda *_: None),
    )
    clock = [datetime(2026, 1, 1, tzinfo=UTC)]

    async def fail(function: str, payload: bytes) -> bytes:
        raise Failed("Unhandled", "on purpose")

    async def send(schedule: Schedule, body: str, attributes: dict[str, str]) -> None:
        await runtime.authorise_dead_letter(schedule)

    scheduler = Scheduler(
        assembly.schedules,
        invoke=fail,
        send_dead_letter=send,
        authorise=runtime.authorise_schedule,
        now=lambda: clock[0],
    )
    for _ in range(5):
        clock[0] += timedelta(days=1)
        scheduler.run_due()
        await scheduler.settle()
