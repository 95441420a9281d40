"""python -m bench.search_quality: fills a database of its own, asks, prints the table."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from bench.catalogue import Catalogue, CatalogueTrack
from bench.load import fill
from bench.search_quality.labelled import PER_KIND, labelled
from bench.search_quality.score import SHOWN, Find, Judged, Score, by_kind, judge
from bench.search_quality.world.tracks import world
from djamms.db.migrate import upgrade
from djamms.db.session import create_database_engine
from djamms.search import service
from djamms.search.schemas import SearchQuery
from djamms.security.principal import GUEST_PRINCIPAL
from local.services.postgres import scratch_server

# Replies hold signed addresses; nobody opens them here.
ADDRESSES = {
    "JWT_SECRET": "signs what nobody opens",
    "API_BASE_URL": "http://localhost",
    "CDN_BASE_URL": "http://localhost",
}


@click.command()
@click.option("--tracks", default=100_000, show_default=True, help="Size of the library.")
@click.option("--per-kind", default=PER_KIND, show_default=True, help="Queries of each kind.")
@click.option("--database", help="URL of a database that holds this very catalogue already.")
@click.option("--misses", default=0, help="Print so many open queries of each kind that failed.")
def main(tracks: int, per_kind: int, database: str | None, misses: int) -> None:
    """Measure how well search finds what people mean."""
    console = Console()
    library, others = list(Catalogue().tracks(tracks)), list(world(tracks))
    catalogue = [*library, *(other.track for other in others)]
    with asked(database, catalogue) as find:
        judged = [judge(query, find) for query in labelled(library, others, per_kind)]
    console.print(table(judged, tracks))
    for score in by_kind(judged).values():
        missed = [j for j in score.judged if not j.query.held_back and not j.reciprocal_rank]
        for one in missed[:misses]:
            console.print(f"{one.query.kind}: {one.query.text!r}", highlight=False)


@contextmanager
def asked(url: str | None, catalogue: list[CatalogueTrack]) -> Iterator[Find]:
    """How a guest asks PostgreSQL, in a scratch database unless there is a filled one."""
    if url is None:
        with scratch_server() as server:
            upgrade(create_database_engine(server.url))
            fill(server.url, catalogue)
            with asked(server.url, catalogue) as find:
                yield find
        return
    os.environ |= ADDRESSES
    with Session(create_database_engine(url)) as session:

        def find(text: str) -> list[UUID]:
            query = SearchQuery(q=text, limit=SHOWN)
            found = service.find(session, service.engine_for(session), GUEST_PRINCIPAL, query)
            return [track.id for track in found.tracks]

        yield find


def table(judged: list[Judged], tracks: int) -> Table:
    title = f"{len(judged)} queries on PostgreSQL, {tracks:,} tracks"
    found = Table(title=title)
    for name in ("kind", "MRR@10", "recall@10", "held back: MRR@10", "recall@10", "p50 ms"):
        found.add_column(name, justify="left" if name == "kind" else "right", no_wrap=True)
    for kind, score in by_kind(judged).items():
        found.add_row(kind, *cells(score))
    found.add_section()
    found.add_row("all", *cells(Score(judged)))
    return found


def cells(score: Score) -> list[str]:
    parts = [[j for j in score.judged if j.query.held_back is held] for held in (False, True)]
    times = sorted(one.milliseconds for one in score.judged)
    figures = [
        f"{figure:.3f}" for part in parts for figure in (Score(part).mrr, Score(part).recall)
    ]
    return [*figures, f"{times[len(times) // 2]:.1f}"]


if __name__ == "__main__":
    main()
