"""How long a plan of 500 entries takes to answer. No stack: it is pure."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import cycle
from time import process_time
from typing import Any

from rich.console import Console

from bench.figures import percentiles, show, verdict
from bench.schedule_plans import NOW, WORST, busy, moments
from djamms.scheduler.plan.conflicts import foreseen
from djamms.scheduler.plan.contenders import Entry
from djamms.scheduler.plan.resolver import Plan

MONTH = 31 * 86_400
COLUMNS = ("500 entries", "median ms", "p95 ms", "p99 ms", "median")
# Milliseconds. Of the worst plans a single answer alone has one.
WORST_ANSWER = 20.0


def measure(console: Console) -> list[dict[str, Any]]:
    entries = busy()
    plan, times = Plan(entries), cycle(moments(1000))
    rows = [
        timed("resolve", 500, 1.0, lambda: plan.resolve(next(times))),
        timed("plan and resolve", 100, None, lambda: Plan(fresh(entries)).resolve(next(times))),
        timed("conflicts", 20, 50.0, lambda: foreseen(fresh(entries), NOW)),
        timed("timeline of a month", 20, 200.0, lambda: plan.timeline(NOW, NOW + MONTH)),
        *worst(),
    ]
    show(console, "Schedule, CPU", COLUMNS, [cells(row) for row in rows])
    return rows


def worst() -> Iterator[dict[str, Any]]:
    for name, make in WORST.items():
        entries = list(make())
        plan = Plan(entries)
        yield timed(f"resolve: {name}", 20, WORST_ANSWER, partial(plan.resolve, NOW))
        yield timed(f"conflicts: {name}", 3, None, partial(foreseen, entries, NOW))


def fresh(entries: list[Entry]) -> list[Entry]:
    """Without what they have worked out: a request has just read them."""
    return [replace(entry) for entry in entries]


def timed(name: str, count: int, target: float | None, ask: Callable[[], object]) -> dict[str, Any]:
    """CPU, which a busy machine does not stretch; after one that fills the caches of zones."""
    ask()
    gc.collect()
    samples = []
    for _ in range(count):
        start = process_time()
        ask()
        samples.append((process_time() - start) * 1000)
    found = percentiles(samples)
    return {"name": name, "median": found.p50, "p95": found.p95, "p99": found.p99, "target": target}


def cells(row: dict[str, Any]) -> list[str]:
    figures = [f"{row[name]:.2f}" for name in ("median", "p95", "p99")]
    return [row["name"], *figures, verdict(row["median"], row["target"])]


if __name__ == "__main__":
    measure(Console())
