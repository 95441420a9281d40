"""Where the row at an offset is, in the order of being added: see models.track.TrackCount."""

from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session as Database

from djamms.models.counts import TrackCount

# The last span that begins before the row at {offset} of those inside.
SPAN = """(
    SELECT span, before, inside FROM (
        SELECT span, sum(sum(tracks)) OVER (ORDER BY span {order}) - sum(tracks) AS before,
            sum(sum(tracks)) OVER () AS inside
        FROM track_counts WHERE shift = {shift} AND {within} AND {shown}
        GROUP BY span HAVING sum(tracks) > 0
    ) AS spans WHERE before <= {offset} ORDER BY before DESC LIMIT 1
) AS by_{shift}"""
WITHIN = (
    "span BETWEEN by_{wider}.span << {bits} AND (by_{wider}.span << {bits}) + (1 << {bits}) - 1"
)


def find_span(
    database: Database, *, offset: int, descending: bool, only_public: bool
) -> tuple[datetime, int, int] | None:
    """The instant at which the span of the row begins (of a descending order: ends), how many rows
    are before the span, and how many there are at all; None behind the last row."""
    statement = _statement(descending=descending, only_public=only_public)
    found = database.execute(statement, {"offset": offset}).first()
    if found is None:
        return None
    seconds = (found.span + int(descending)) << TrackCount.SHIFTS[-1]
    return datetime.fromtimestamp(seconds, UTC), int(found.before), int(found.total)


@cache
def _statement(*, descending: bool, only_public: bool) -> TextClause:
    """One step for each shift, inside of the span that the step before has found."""
    words = {
        "order": "DESC" if descending else "ASC",
        "shown": "is_public" if only_public else "true",
    }
    first, *_, last = TrackCount.SHIFTS
    before = "CAST(:offset AS bigint)"
    steps = [SPAN.format(shift=first, within="true", offset=before, **words)]
    for wider, shift in pairwise(TrackCount.SHIFTS):
        within = WITHIN.format(wider=wider, bits=wider - shift)
        before += f" - by_{wider}.before"
        steps.append(SPAN.format(shift=shift, within=within, offset=before, **words))
    skipped = " + ".join(f"by_{shift}.before" for shift in TrackCount.SHIFTS)
    columns = f"by_{last}.span AS span, {skipped} AS before, by_{first}.inside AS total"
    return text(f"SELECT {columns} FROM {', LATERAL '.join(steps)}")  # noqa: S608 -- constants
