"""Judged queries as a table, engines side by side."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from bench.search_quality.score import Judged, Score, by_kind

type ByEngine = Mapping[str, Sequence[Judged]]
HELD_BACK, OPEN = True, False


def show(console: Console, title: str, judged: ByEngine, *, shown: int) -> None:
    """One row of each kind; of each engine the open ones, those held back, and the median time."""
    judged = {engine: found for engine, found in judged.items() if found}
    if not judged:
        return
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("kind", no_wrap=True)
    for engine in judged:
        heads = (
            f"{engine}\nMRR@{shown}",
            f"\nrecall@{shown}",
            "held back\nMRR",
            "\nrecall",
            "\nms",
        )
        for head in heads:
            table.add_column(head, justify="right", no_wrap=True)
    kinds = {engine: by_kind(found) for engine, found in judged.items()}
    for kind in next(iter(kinds.values())):
        table.add_row(kind, *[cell for found in kinds.values() for cell in cells(found[kind])])
    table.add_section()
    table.add_row("all", *[cell for found in judged.values() for cell in cells(Score(list(found)))])
    console.print(table)


def cells(score: Score) -> list[str]:
    found = [figure for held in (OPEN, HELD_BACK) for figure in figures(score, held_back=held)]
    return [*(f"{figure:.3f}" for figure in found), f"{milliseconds(score):.1f}"]


def figures(score: Score, *, held_back: bool) -> tuple[float, float]:
    """MRR and recall."""
    part = Score([one for one in score.judged if one.query.held_back is held_back])
    return part.mrr, part.recall


def milliseconds(score: Score) -> float:
    """The median."""
    times = sorted(one.milliseconds for one in score.judged)
    return times[len(times) // 2]


def show_misses(console: Console, judged: ByEngine, most: int) -> None:
    """Open queries that found nothing good; those that are held back stay unseen."""
    for engine, every in judged.items():
        for kind, score in by_kind(every).items():
            missed = [one for one in score.judged if not one.query.held_back]
            texts = [repr(one.query.text) for one in missed if not one.reciprocal_rank]
            if texts[:most]:
                console.print(f"{engine}, {kind}: {', '.join(texts[:most])}", highlight=False)
