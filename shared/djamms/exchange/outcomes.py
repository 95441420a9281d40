"""What becomes of each row: what a person said of it before, or else what the matching says."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.exchange import repository
from djamms.exchange.candidates_repository import tracks_by_id
from djamms.exchange.finding import LATER, find_matches
from djamms.exchange.formats.source import SourceRow
from djamms.exchange.matching import Candidate, Match, Row, Verdict, is_itself
from djamms.models.exchange import Choice, MatchDecision, RowState


@dataclass(frozen=True, slots=True)
class Outcome:
    state: RowState
    track_id: UUID | None = None
    score: float | None = None
    reasons: tuple[str, ...] = ()
    candidates: tuple[dict[str, Any], ...] = ()


@dataclass(slots=True)
class Decided:
    """Of one row, by an earlier decision on the same words."""

    accepted: UUID | None = None
    never: bool = False
    rejected: set[UUID] = field(default_factory=set)

    def without(self, rejected: Collection[UUID]) -> "Decided":
        accepted = None if self.accepted in rejected else self.accepted
        return Decided(accepted, self.never, self.rejected.union(rejected))


def source_key(row: SourceRow) -> str:
    """The same for rows that say the same, whatever their capitals."""
    said = (row.title, row.artist, row.album, str(row.seconds or ""), row.isrc or "")
    return sha256("\x1f".join(text.casefold() for text in said).encode()).hexdigest()


def resolve(
    database: Database,
    *,
    user_id: UUID | None,
    rows: Sequence[SourceRow],
    rejected: Sequence[Collection[UUID]] | None = None,
) -> list[Outcome]:
    """In the order of the rows. `rejected`: what somebody else said that each is not."""
    keys = [source_key(row) for row in rows]
    decided = remembered(database, user_id, keys)
    named = {row.track_id for row in rows} | {one.accepted for one in decided.values()}
    known = {
        track.id: track
        for track in tracks_by_id(database, {id_ for id_ in named if id_}, only_public=False)
    }
    verdicts = find_matches(database, [plain_row(row) for row in rows])
    return [
        outcome_of(row, verdict, decided.get(key, Decided()).without(not_it), known)
        for row, verdict, key, not_it in zip(
            rows, verdicts, keys, rejected or [()] * len(rows), strict=True
        )
    ]


def remembered(database: Database, user_id: UUID | None, keys: Sequence[str]) -> dict[str, Decided]:
    found: defaultdict[str, Decided] = defaultdict(Decided)
    if user_id is None:
        return found
    for one in repository.find_decisions(database, user_id=user_id, source_keys=set(keys)):
        _note(found[one.source_key], one)
    return found


def _note(decided: Decided, one: MatchDecision) -> None:
    if one.decision == Choice.ACCEPT:
        decided.accepted, decided.never = one.track_id, False
    elif one.decision == Choice.NEVER:
        decided.accepted, decided.never = None, True
    elif one.track_id:
        decided.rejected.add(one.track_id)


def outcome_of(
    row: SourceRow, verdict: Verdict, decided: Decided, known: dict[UUID, Candidate]
) -> Outcome:
    if decided.never:
        return Outcome(RowState.NEVER)
    if decided.accepted in known:
        return Outcome(RowState.MATCHED, decided.accepted, 1.0, ("decided",))
    if row.track_id in known and row.track_id not in decided.rejected:
        track = known[row.track_id]
        if is_itself(plain_row(row), track):
            return Outcome(RowState.MATCHED, track.id, 1.0, ("own_id",))
    return _of_verdict(verdict, decided.rejected)


def _of_verdict(verdict: Verdict, rejected: set[UUID]) -> Outcome:
    if verdict is LATER:
        return Outcome(RowState.MISSING, reasons=(repository.LATER,))
    left = [match for match in verdict.matches if match.candidate.id not in rejected]
    if not left:
        return Outcome(RowState.MISSING)
    best, candidates = left[0], tuple(as_json(match) for match in left)
    # The next best is not what was believed at first: it is offered, not taken.
    if verdict.state == RowState.MATCHED and best is verdict.matches[0]:
        track_id = best.candidate.id
        return Outcome(RowState.MATCHED, track_id, best.score, best.reasons, candidates)
    return Outcome(RowState.DOUBTFUL, None, best.score, best.reasons, candidates)


def as_json(match: Match) -> dict[str, Any]:
    return {
        "trackId": str(match.candidate.id),
        "score": match.score,
        "reasons": list(match.reasons),
        "doubts": list(match.doubts),
    }


def plain_row(row: SourceRow) -> Row:
    return Row(row.title, row.artist, row.album, row.seconds, row.isrc or "")
