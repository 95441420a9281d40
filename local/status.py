"""What a running stack says about itself."""

import asyncio
import time
from typing import Any

import psutil

from local.backend import Backend
from local.pool import Pool
from local.room import Room
from local.worker import State


async def report(backend: Backend, urls: dict[str, str], started: float) -> dict[str, Any]:
    return {
        "urls": urls,
        "data": str(backend.data.root),
        "disk": Room(backend.data.root).report(),
        "uptimeSeconds": round(time.time() - started),
        "services": services(backend),
        "functions": [
            {"name": name, **workers(pool)} for name, pool in sorted(backend.runtime.pools.items())
        ],
        "queues": await asyncio.to_thread(queues, backend),
    }


def services(backend: Backend) -> list[dict[str, Any]]:
    pids = {
        "stack": psutil.Process().pid,
        "postgres": backend.postgres.pid,
        "emulator": backend.emulator.pid,
        **({"opensearch": backend.opensearch.pid} if backend.opensearch else {}),
    }
    return [
        {"name": name, "state": "running" if pid else "down", "pid": pid, "memoryMb": _memory(pid)}
        for name, pid in pids.items()
    ]


def workers(pool: Pool) -> dict[str, Any]:
    used = [worker.process.rss_bytes() for worker in pool.workers if worker.process]
    return {
        "workers": len(pool.workers),
        "busy": sum(worker.state is State.BUSY for worker in pool.workers),
        "memoryMb": round(sum(used) / 1e6),
        "limitMb": pool.function.memory_mb,
    }


def queues(backend: Backend) -> list[dict[str, Any]]:
    dead = {queue.dead_letter_arn for queue in backend.assembly.queues.values()}
    dead |= {schedule.dead_letter_arn for schedule in backend.assembly.schedules}
    found = []
    for queue in backend.assembly.queues.values():
        depth = backend.aws.sqs.get_queue_attributes(QueueUrl=queue.url, AttributeNames=["All"])
        counts = depth["Attributes"]
        found.append(
            {
                "name": queue.name,
                "deadLetters": queue.arn in dead,
                "waiting": int(counts["ApproximateNumberOfMessages"]),
                "inFlight": int(counts["ApproximateNumberOfMessagesNotVisible"]),
            }
        )
    return found


def _memory(pid: int | None) -> int:
    """Megabytes of a service and its children; shared pages count once where the system tells."""
    if pid is None:
        return 0
    try:
        root = psutil.Process(pid)
        family = [root] if pid == psutil.Process().pid else [root, *root.children()]
        return round(sum(_own_bytes(one) for one in family) / 1e6)
    except psutil.NoSuchProcess:
        return 0


def _own_bytes(process: psutil.Process) -> int:
    try:
        info = process.memory_full_info()
        return int(getattr(info, "pss", 0) or info.uss)
    except psutil.AccessDenied:
        return int(process.memory_info().rss)
