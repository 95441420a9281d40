"""One engine over one library in a stack of its own, and the table of all that were measured."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from sqlalchemy.orm import Session as Database

from bench import latency
from bench.client import UnexpectedStatus
from bench.cold import wait_until_idle
from bench.figures import show, verdict
from bench.machine import memory_mb
from bench.search import indexing
from bench.search.scenarios import (
    GUEST,
    SEARCH_MS,
    SEARCHES_PER_SECOND,
    SIGNED_IN,
    SUGGEST,
    SUGGEST_MS,
    scenarios,
    target,
)
from bench.search_quality.engines import OPENSEARCH, POSTGRES, Asked, measured
from bench.search_quality.labelled import labelled
from bench.search_quality.library import Library, library
from bench.search_quality.named import SHOWN, labelled_names
from bench.search_quality.report import HELD_BACK, OPEN, figures
from bench.search_quality.score import Score, judge
from bench.setting import Setting
from djamms.db.session import create_database_engine
from tests.support.stack import LocalStack

MRR = {POSTGRES: 0.80, OPENSEARCH: 0.90}
DOCUMENTS_PER_SECOND = 5_000
# Of `djamms up`: PostgreSQL searches unless it is told otherwise.
WORDS: dict[str, Sequence[str]] = {POSTGRES: (), OPENSEARCH: ("--search", "opensearch")}
WARM_UP_CLIENTS, WARM_UP_SECONDS = 4, 20.0
type Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    engine: str
    tracks: int
    figures: Figures


def every(
    console: Console,
    sizes: Sequence[int],
    seconds: float,
    engines: Sequence[str] = (POSTGRES, OPENSEARCH),
) -> list[Run]:
    """In one table."""
    runs = [measure(console, engine, size, seconds) for size in sizes for engine in engines]
    side_by_side(console, runs)
    return runs


def measure(console: Console, engine: str, tracks: int, seconds: float) -> Run:
    whole = library(tracks)
    with running(engine, whole, seconds, console) as setting:
        found: dict[str, float] = {}
        if engine == OPENSEARCH:
            found["full reindex, documents/s"] = indexing.reindex(setting.stack).per_second
            # It becomes one segment meanwhile.
            wait_until_idle(setting)
        found |= speeds(setting, console)
        if engine == OPENSEARCH:
            found["outbox, documents/s"] = indexing.outbox(setting.stack).per_second
        family = setting.stack.family()
        found["PostgreSQL, MB"] = memory_mb(family, "PostgreSQL")
        found["OpenSearch, MB"] = memory_mb(family, "OpenSearch")
        found |= quality(setting, engine, whole)
    return Run(engine, tracks, found)


@contextmanager
def running(engine: str, whole: Library, seconds: float, console: Console) -> Iterator[Setting]:
    folder = Path(tempfile.mkdtemp(prefix="djamms-bench-"))
    stack = LocalStack(folder / "stack", words=WORDS[engine])
    try:
        stack.start()
        setting = Setting(stack, list(whole.tracks), folder, seconds, playlists=whole.playlists)
        setting.fill(lambda text: console.print(f"{engine}: {text}", style="dim"))
        setting.sign_in()
        wait_until_idle(setting)
        yield setting
    finally:
        stack.discard()
        shutil.rmtree(folder, ignore_errors=True)


def speeds(setting: Setting, console: Console) -> dict[str, float]:
    """Without those that the stack refuses: the reason is printed, and the table has no figure.

    A node's first thousands of searches cost two to three times as much, until Java has compiled
    what they use: both engines are asked for a while before they are measured."""
    found: dict[str, float] = {}
    for scenario in scenarios(setting):
        try:
            latency.ask(setting, scenario, WARM_UP_CLIENTS, WARM_UP_SECONDS)
            alone, many = (latency.run(setting, scenario, clients) for clients in (1, 16))
            found[f"{scenario.name}, p95 ms"] = alone["p95"]
            found[f"{scenario.name}, 16 clients, /s"] = many["per_second"]
        except* UnexpectedStatus as refused:
            console.print(f"{scenario.name}: {refused.exceptions[0]}", style="red")
    return found


def quality(setting: Setting, engine: str, whole: Library) -> dict[str, float]:
    with Database(create_database_engine(setting.stack.database_url)) as database:
        asked = measured(engine, database, node_url(setting.stack, engine))
        return {**_words(asked, whole), **_names(asked, whole)}


def node_url(stack: LocalStack, engine: str) -> str:
    return str(stack.status()["urls"]["search"]) if engine == OPENSEARCH else ""


def _words(asked: Asked, whole: Library) -> dict[str, float]:
    queries = labelled(whole.main, whole.others)
    score = Score([judge(one, partial(asked.tracks, one.text)) for one in queries])
    return _judged(score, "MRR@10", "recall@10")


def _names(asked: Asked, whole: Library) -> dict[str, float]:
    queries = labelled_names(whole.tracks, whole.playlists)
    try:
        asked.names("track", "love")
    except NotImplementedError:
        return {}
    judged = [judge(one, partial(asked.names, one.of, one.text), SHOWN) for one in queries]
    return _judged(Score(judged), "names begun, MRR@5", "names begun, recall@5")


def _judged(score: Score, *names: str) -> dict[str, float]:
    parts = {"": OPEN, ", held back": HELD_BACK}
    return {
        f"{name}{suffix}": figure
        for suffix, held_back in parts.items()
        for name, figure in zip(names, figures(score, held_back=held_back), strict=True)
    }


def side_by_side(console: Console, runs: Sequence[Run]) -> None:
    """A column for each, with the target beside the figure where there is one."""
    names = dict.fromkeys(name for run in runs for name in run.figures)
    columns = ["", *(f"{run.engine}, {run.tracks:,}" for run in runs)]
    rows = [[name, *(cell(run, name) for run in runs)] for name in names]
    show(console, "Search engines side by side", columns, rows)


def cell(run: Run, name: str) -> str:
    if name not in run.figures:
        return "–"  # noqa: RUF001
    value = run.figures[name]
    shown = f"{value:.3f}" if value <= 1 and "@" in name else f"{value:,.1f}".removesuffix(".0")
    return f"{shown} {_verdict(run, name, value)}".rstrip()


def _verdict(run: Run, name: str, value: float) -> str:
    at_most = {
        f"{GUEST}, p95 ms": SEARCH_MS,
        f"{SIGNED_IN}, p95 ms": SEARCH_MS,
        f"{SUGGEST}, p95 ms": SUGGEST_MS,
    }
    at_least = {
        f"{GUEST}, 16 clients, /s": SEARCHES_PER_SECOND,
        f"{SIGNED_IN}, 16 clients, /s": SEARCHES_PER_SECOND,
        "full reindex, documents/s": DOCUMENTS_PER_SECOND,
        "MRR@10": MRR[run.engine],
        "MRR@10, held back": MRR[run.engine],
    }
    if name in at_most:
        return f"({verdict(value, target(at_most[name], run.tracks))})"
    return f"({verdict(value, at_least[name], at_least=True)})" if name in at_least else ""
