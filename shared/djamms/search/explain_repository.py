"""What the index holds of tracks that were found, and what each part of the score is."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session as Database

from djamms.search.repository import POPULARITY, TEXT

SCORES = text(
    """
SELECT json_agg(json_build_array(track_id, {text}, {popularity}, (
    SELECT json_object_agg(lexeme, coalesce(positions, '{}')) FROM unnest(words)
    WHERE left(lexeme, 1) <> '#'
))) FROM search_documents WHERE track_id = ANY (CAST(:track_ids AS uuid[]))
""".replace("{text}", TEXT).replace("{popularity}", POPULARITY)
)


class Scored(NamedTuple):
    """`lexemes`: in which fields each is, by number; a whole name in none."""

    text: float
    popularity: float
    lexemes: Mapping[str, Sequence[int]]


def find_scores(
    database: Database, track_ids: Sequence[UUID], score: Mapping[str, str | float | None]
) -> dict[UUID, Scored]:
    found = database.scalar(SCORES, {**score, "track_ids": list(track_ids)})
    return {
        UUID(track_id): Scored(text, popularity, lexemes or {})
        for track_id, text, popularity, lexemes in found or ()
    }
