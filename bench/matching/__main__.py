"""python -m bench.matching: how well rows of other programs' playlists find their tracks."""

import click
from rich.console import Console
from rich.table import Table

from bench.matching.score import Judged, Score, judge_all, parts
from bench.matching.speed import measure, through_the_database


@click.command()
@click.option(
    "--tracks", default=100_000, show_default=True, help="Size of the library for --speed."
)
@click.option("--speed", is_flag=True, help="Measure 10,000 rows in and out instead.")
@click.option("--misses", is_flag=True, help="Name the rows that went wrong, of those tuned on.")
def main(tracks: int, speed: bool, misses: bool) -> None:
    """Judge the labelled rows, and print precision and recall."""
    console = Console()
    if speed:
        for name, figure in measure(tracks).items():
            console.print(f"{name}: {figure:.3f}")
        return
    with through_the_database() as judge:
        judged = judge_all(judge)
    console.print(table(judged))
    for one in judged if misses else ():
        if not one.row.held_back and one.is_accepted != bool(one.row.expected):
            console.print(f"{one.row.kind}: {one.row}: {one.state}", highlight=False)


def table(judged: list[Judged]) -> Table:
    found = Table(title=f"{len(judged)} labelled rows")
    for name in ("rows", "of them", "accepted", "precision", "recall", "accepted or offered"):
        found.add_column(name, justify="left" if name == "rows" else "right")
    for name, score in parts(judged).items():
        found.add_row(name, str(len(score.judged)), *cells(score))
    found.add_section()
    for kind in dict.fromkeys(one.row.kind for one in judged):
        of_kind = Score([one for one in judged if one.row.kind == kind])
        found.add_row(kind, str(len(of_kind.judged)), *cells(of_kind))
    return found


def cells(score: Score) -> list[str]:
    figures = (score.precision, score.recall, score.offered)
    return [str(score.accepted), *(f"{figure:.3f}" for figure in figures)]


if __name__ == "__main__":
    main()
