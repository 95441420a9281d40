"""python -m bench.search: both engines, each in a stack of its own, in one table."""

from dataclasses import asdict

import click
from rich.console import Console

from bench import figures, machine
from bench.search.compare import every
from bench.search_quality.engines import OPENSEARCH, POSTGRES

SIZES = (100_000, 1_000_000)
ENGINES = (POSTGRES, OPENSEARCH)
NARROWEST = 150


@click.command()
@click.option("--tracks", type=click.IntRange(1000), multiple=True, default=SIZES)
@click.option("--engine", type=click.Choice(ENGINES), multiple=True, default=ENGINES)
@click.option("--seconds", default=6.0, show_default=True, help="Per request kind and clients.")
def main(tracks: tuple[int, ...], engine: tuple[str, ...], seconds: float) -> None:
    """Measure quality, latency, throughput, indexing and memory of the search engines."""
    console = Console()
    console.width = max(console.width, NARROWEST)
    runs = every(console, tracks, seconds, engine)
    found = {"machine": machine.describe(), "search": [asdict(run) for run in runs]}
    console.print(f"Written to {figures.write(found)}")


if __name__ == "__main__":
    main()
