"""MRR@10: how far up the first good answer is. Recall@10: how many of the good ones are shown."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from uuid import UUID

from bench.search_quality.labelled import Labelled

SHOWN = 10

type Find = Callable[[str], Sequence[UUID]]


@dataclass(frozen=True, slots=True)
class Judged:
    query: Labelled
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


def judge(query: Labelled, find: Find) -> Judged:
    began = time.perf_counter()
    shown = list(find(query.text))[:SHOWN]
    milliseconds = (time.perf_counter() - began) * 1000
    good = [place for place, track_id in enumerate(shown, start=1) if track_id in query.relevant]
    possible = min(len(query.relevant), SHOWN)
    return Judged(query, 1 / good[0] if good else 0.0, len(good) / possible, milliseconds)


def by_kind(judged: Iterable[Judged]) -> dict[str, Score]:
    scores: defaultdict[str, Score] = defaultdict(Score)
    for one in judged:
        scores[one.query.kind].judged.append(one)
    return dict(scores)
