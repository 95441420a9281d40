from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session as Database
from sqlalchemy.types import Uuid

# More than anyone opens of one list.
MOST_CLICKS = 50
# Every engine counts so many results to the last; of more there may be further ones.
SURELY_COUNTED = 300
CLICK = text("""
WITH search AS (
    SELECT id, clicks, :position <= result_count OR result_count > :surely AS was_found
    FROM searches WHERE id = :search_id AND searcher = ANY (:searchers) AND searched_at >= :since
    FOR UPDATE
), click AS (
    INSERT INTO search_clicks (search_id, kind, document, position, clicked_at)
    SELECT id, :kind, :document, :position, :now FROM search
    WHERE was_found AND clicks < :most
    ON CONFLICT DO NOTHING RETURNING search_id
), counted AS (
    UPDATE searches SET clicks = searches.clicks + 1,
        click_position = coalesce(searches.click_position, :position)
    FROM click WHERE searches.id = click.search_id
)
SELECT was_found FROM search""").bindparams(bindparam("searchers", type_=ARRAY(Uuid())))


def add_click(
    database: Database,
    *,
    search_id: UUID,
    searchers: Sequence[UUID],
    since: datetime,
    kind: str,
    document: str,
    position: int,
    now: datetime,
) -> bool | None:
    """None where there is no such search of theirs, False where it found less than that; a click
    that is there already counts once. What is opened is not looked up: reports only count that
    something was, and where it stood."""
    values = {
        "search_id": search_id,
        "searchers": list(searchers),
        "since": since,
        "kind": kind,
        "document": document,
        "position": position,
        "now": now,
        "most": MOST_CLICKS,
        "surely": SURELY_COUNTED,
    }
    was_found: bool | None = database.scalar(CLICK, values)
    return was_found
