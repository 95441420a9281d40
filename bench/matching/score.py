"""How many of the rows that were accepted without asking are right, and how many were found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from bench.matching.labelled import LabelledRow, LibraryTrack, library, rows
from djamms.exchange.matching import Candidate, Row, Verdict, judge
from djamms.models.exchange import RowState

type Judge = Callable[[Row], Verdict]


@dataclass(frozen=True, slots=True)
class Judged:
    row: LabelledRow
    state: RowState
    first: int | None
    offered: frozenset[int]

    @property
    def is_accepted(self) -> bool:
        return self.state == RowState.MATCHED

    @property
    def is_right(self) -> bool:
        return self.is_accepted and self.first in self.row.expected


@dataclass(frozen=True, slots=True)
class Score:
    judged: Sequence[Judged]

    @property
    def accepted(self) -> int:
        return sum(one.is_accepted for one in self.judged)

    @property
    def precision(self) -> float:
        return sum(one.is_right for one in self.judged) / (self.accepted or 1)

    @property
    def recall(self) -> float:
        """Accepted without asking, of those that are there."""
        there = [one for one in self.judged if one.row.expected]
        return sum(one.is_right for one in there) / (len(there) or 1)

    @property
    def offered(self) -> float:
        """Accepted, or among the candidates that a person is shown."""
        there = [one for one in self.judged if one.row.expected]
        return sum(bool(one.offered & one.row.expected) for one in there) / (len(there) or 1)


def candidate(track: LibraryTrack) -> Candidate:
    return Candidate(
        id=UUID(int=track.number),
        title=track.title,
        artist=track.artist,
        album=track.album,
        seconds=track.seconds,
        isrc=track.isrc,
    )


def with_all() -> Judge:
    """Every track is a candidate: what the judgement does without the search for candidates."""
    everything = [candidate(track) for track in library()]
    return lambda row: judge(row, everything)


def judge_all(decide: Judge) -> list[Judged]:
    return [_judge(row, decide) for row in rows()]


def parts(judged: Sequence[Judged]) -> dict[str, Score]:
    return {
        "tuned on": Score([one for one in judged if not one.row.held_back]),
        "held back": Score([one for one in judged if one.row.held_back]),
    }


def _judge(row: LabelledRow, decide: Judge) -> Judged:
    verdict = decide(Row(row.title, row.artist, row.album, row.seconds, row.isrc))
    numbers = [match.candidate.id.int for match in verdict.matches]
    first = numbers[0] if numbers else None
    return Judged(row, verdict.state, first, frozenset(numbers))
