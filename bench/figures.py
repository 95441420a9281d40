"""From samples to figures, and figures in tables."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Percentiles:
    p50: float
    p95: float
    p99: float
    highest: float
    count: int


def percentiles(samples: Sequence[float]) -> Percentiles:
    if len(samples) < 2:
        only = samples[0]
        return Percentiles(only, only, only, only, 1)
    cuts = statistics.quantiles(samples, n=100, method="inclusive")
    p50, p95, p99 = (round(cuts[place], 2) for place in (49, 94, 98))
    return Percentiles(p50, p95, p99, round(max(samples), 2), len(samples))


def verdict(value: float, target: float | None, *, at_least: bool = False) -> str:
    """The target, and whether it is met."""
    if target is None:
        return ""
    is_met = value >= target if at_least else value <= target
    return f"{'≥' if at_least else '≤'} {target:g} {'met' if is_met else 'MISSED'}"


def show(
    console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    table = Table(title=title, title_justify="left", title_style="bold")
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*(f"{cell:.1f}" if isinstance(cell, float) else str(cell) for cell in row))
    console.print(table)


def write(results: dict[str, Any]) -> Path:
    RESULTS.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    file = RESULTS / f"{stamp}.json"
    file.write_text(json.dumps(results, indent=1, default=str) + "\n")
    return file
