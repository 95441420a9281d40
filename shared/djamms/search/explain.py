"""Why tracks were found on PostgreSQL: the parts of their score, and what matched where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.search.engine import Explanation, Match, SearchRequest
from djamms.search.explain_repository import Scored, find_scores
from djamms.search.highlight import highlight
from djamms.search.hits import Hit, find_hits
from djamms.search.plan import Plan
from djamms.search.tokens import Token

HIGHLIGHTED = ("title", "artist", "album")


@dataclass(frozen=True, slots=True)
class Explained:
    highlights: dict[UUID, Mapping[str, str]] = field(default_factory=dict)
    explanations: dict[UUID, Explanation] = field(default_factory=dict)


def explain(
    database: Database,
    request: SearchRequest,
    tracks: Sequence[AnyRow],
    tokens: Sequence[Token],
    plan: Plan,
) -> Explained:
    """Nothing, unless it was asked for."""
    explained = Explained()
    if not tracks or not (request.highlights or request.explains):
        return explained
    scores = find_scores(database, [track.id for track in tracks], plan.score)
    for track in tracks:
        scored = scores.get(track.id)
        if scored is None:
            continue
        hits = find_hits(tokens, scored.lexemes)
        if request.explains:
            explained.explanations[track.id] = _explanation(scored, hits)
        if request.highlights and (shown := _highlights(track, hits)):
            explained.highlights[track.id] = shown
    return explained


def _explanation(scored: Scored, hits: Sequence[Hit]) -> Explanation:
    """How new a track is says nothing here."""
    return Explanation(
        score=scored.text + scored.popularity,
        text=scored.text,
        popularity=scored.popularity,
        freshness=0.0,
        matched=list(dict.fromkeys(Match(hit.word, hit.field, hit.how) for hit in hits)),
    )


def _highlights(track: AnyRow, hits: Sequence[Hit]) -> dict[str, str]:
    shown = {}
    for name in HIGHLIGHTED:
        words = {hit.lexeme for hit in hits if hit.field == name}
        if marked := highlight(getattr(track, name) or "", words):
            shown[name] = marked
    return shown
