"""python -m bench.search_quality: fills a database of its own, asks, prints the tables."""

from collections.abc import Sequence
from functools import partial

import click
from rich.console import Console

from bench.search_quality.engines import OPENSEARCH, POSTGRES, Asked, asked
from bench.search_quality.labelled import PER_KIND, labelled
from bench.search_quality.library import Library, library
from bench.search_quality.named import SHOWN as NAMES_SHOWN
from bench.search_quality.named import labelled_names
from bench.search_quality.report import ByEngine, show, show_misses
from bench.search_quality.score import SHOWN, Judged, judge

NARROWEST = 140
# An engine is slow until it has been asked a few hundred times.
WARM_UP_EVERY = 5
CHOICES = {"postgres": [POSTGRES], "opensearch": [OPENSEARCH], "both": [POSTGRES, OPENSEARCH]}


@click.command()
@click.option("--tracks", default=100_000, show_default=True, help="Size of the library.")
@click.option("--engine", type=click.Choice(list(CHOICES)), default=POSTGRES, show_default=True)
@click.option("--per-kind", default=PER_KIND, show_default=True, help="Queries of each kind.")
@click.option("--database", help="URL of a database that holds this very library already.")
@click.option("--misses", default=0, help="Print so many open queries of each kind that failed.")
def main(tracks: int, engine: str, per_kind: int, database: str | None, misses: int) -> None:
    """Measure how well search finds what people mean."""
    console = Console()
    console.width = max(console.width, NARROWEST)
    whole = library(tracks)
    with asked(CHOICES[engine], whole, database) as engines:
        words = {name: of_words(one, whole, per_kind) for name, one in engines.items()}
        names = {name: of_names(one, whole) for name, one in engines.items()}
    size = f"{len(whole.tracks):,} tracks"
    show(console, f"{counted(words)} searches, {size}", words, shown=SHOWN)
    show(console, f"{counted(names)} names begun, {size}", names, shown=NAMES_SHOWN)
    show_misses(console, words, misses)
    show_misses(console, names, misses)


def of_words(engine: Asked, whole: Library, per_kind: int) -> Sequence[Judged]:
    queries = list(labelled(whole.main, whole.others, per_kind))
    for one in queries[::WARM_UP_EVERY]:
        engine.tracks(one.text)
    return [judge(one, partial(engine.tracks, one.text)) for one in queries]


def of_names(engine: Asked, whole: Library) -> Sequence[Judged]:
    queries = labelled_names(whole.tracks, whole.playlists)
    try:
        return [judge(one, partial(engine.names, one.of, one.text), NAMES_SHOWN) for one in queries]
    except NotImplementedError:
        return []


def counted(judged: ByEngine) -> int:
    return len(next(iter(judged.values())))


if __name__ == "__main__":
    main()
