"""Starts a stack of its own, measures it, prints tables, writes JSON and cleans up."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from bench import cold, figures, latency, machine, playlists, profiles, schedule, uploads
from bench.search import compare
from bench.setting import Setting, catalogue
from tests.support.stack import LocalStack

NARROWEST = 120
PARTS = ("cold", "latency", "playlists", "uploads", "search", "schedule")
# They need no stack, or start their own.
APART = {"search", "schedule"}
SIZES = (100_000, 1_000_000)


@click.command()
@click.option(
    "--tracks",
    type=click.IntRange(1000),
    multiple=True,
    default=SIZES,
    show_default=True,
    help="Sizes of the library; only latency is measured at all of them.",
)
@click.option("--seconds", default=6.0, show_default=True, help="Per request kind and clients.")
@click.option("--files", default=600, show_default=True, help="How many files to import.")
@click.option("--only", type=click.Choice(PARTS), multiple=True, help="Some parts only.")
@click.option("--scenario", multiple=True, help="Latency of requests of this name only.")
@click.option("--profile", is_flag=True, help="Say where one request of each kind spends its time.")
def main(
    tracks: tuple[int, ...],
    seconds: float,
    files: int,
    only: tuple[str, ...],
    scenario: tuple[str, ...],
    *,
    profile: bool,
) -> None:
    """Measure what the README states. The stack gets a free port and a scratch folder."""
    console = Console(width=max(Console().width, NARROWEST))
    sizes = sorted(set(tracks))
    parts = [*(only or (() if profile else PARTS)), *(["profile"] if profile else [])]
    larger = [part for part in parts if part in ("latency", "profile")]
    results: dict[str, Any] = {"at": datetime.now(UTC), "machine": machine.describe()}
    introduce(console, results["machine"])
    if "schedule" in parts:
        results["schedule"] = schedule.measure(console)
    if set(parts) - APART:
        results["sizes"] = {
            size: run(
                console, size, seconds, files, parts if size == sizes[0] else larger, scenario
            )
            for size in sizes
        }
    if len(sizes) > 1 and "latency" in parts:
        latency.growth(console, sizes, [found["latency"] for found in results["sizes"].values()])
    if "search" in parts:
        results["search"] = [asdict(one) for one in compare.every(console, sizes, seconds)]
    console.print(f"Written to {figures.write(results)}")


def run(
    console: Console,
    tracks: int,
    seconds: float,
    files: int,
    parts: Sequence[str],
    scenarios: Sequence[str],
) -> dict[str, Any]:
    """One library in a stack of its own."""
    folder = Path(tempfile.mkdtemp(prefix="djamms-bench-"))
    stack = LocalStack(folder / "stack")
    try:
        stack.start()
        setting = Setting(stack, catalogue(tracks), folder, seconds)
        setting.fill(lambda text: console.print(text, style="dim"))
        setting.sign_in()
        cold.wait_until_idle(setting)
        measured = measures(setting, console, files, scenarios)
        return {name: measured[name]() for name in measured if name in parts}
    finally:
        stack.discard()
        shutil.rmtree(folder, ignore_errors=True)


def measures(
    setting: Setting, console: Console, files: int, scenarios: Sequence[str]
) -> dict[str, Callable[[], Any]]:
    return {
        "cold": lambda: cold.measure(setting, console),
        "latency": lambda: latency.measure(setting, console, scenarios),
        "playlists": lambda: playlists.measure(setting, console),
        "uploads": lambda: uploads.measure(setting, console, files=files),
        "profile": lambda: profiles.measure(setting, console),
    }


def introduce(console: Console, found: dict[str, Any]) -> None:
    console.print(
        f"{found['cpu']}, {found['cores']} cores, {found['memory_gb']} GB; Python"
        f" {found['python']} (build flags: {found['python_flags']})",
        highlight=False,
    )
    if not found["python_is_optimised"]:
        console.print(
            "This Python was built without profile-guided optimisation: Lambda's needs about half"
            " the CPU.",
            style="yellow",
        )


if __name__ == "__main__":
    main()
