"""MRR: how far up the first good answer is. Recall: how many of the good ones are shown."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any, Protocol

SHOWN = 10


class Query(Protocol):
    """`relevant`: whatever tells one find from another, of those that please."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def relevant(self) -> frozenset[Any]: ...
    @property
    def held_back(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Judged:
    query: Query
    reciprocal_rank: float
    recall: float
    milliseconds: float


@dataclass(slots=True)
class Score:
    judged: list[Judged] = field(default_factory=list)

    @property
    def mrr(self) -> float:
        return fmean(one.reciprocal_rank for one in self.judged)

    @property
    def recall(self) -> float:
        return fmean(one.recall for one in self.judged)


def judge(query: Query, ask: Callable[[], Sequence[Any]], shown: int = SHOWN) -> Judged:
    began = time.perf_counter()
    found = ask()
    milliseconds = (time.perf_counter() - began) * 1000
    best = list(dict.fromkeys(found))[:shown]
    good = [place for place, one in enumerate(best, start=1) if one in query.relevant]
    possible = min(len(query.relevant), shown)
    return Judged(query, 1 / good[0] if good else 0.0, len(good) / possible, milliseconds)


def by_kind(judged: Iterable[Judged]) -> dict[str, Score]:
    scores: defaultdict[str, Score] = defaultdict(Score)
    for one in judged:
        scores[one.query.kind].judged.append(one)
    return dict(scores)
