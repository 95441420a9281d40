"""Rows that waited find the track that has come. Needs nothing of the web: ingest calls it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from time import monotonic
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.types import AnyRow
from djamms.exchange import repository
from djamms.exchange.formats.source import source_of
from djamms.exchange.outcomes import Outcome, resolve
from djamms.exchange.placing import edited, place
from djamms.models.exchange import ImportRow
from djamms.playlists.covers_repository import lock_active
from djamms.playlists.rewind import Undo

type Transaction = Callable[[], AbstractContextManager[Database]]

MOST_AT_ONCE = 500
UNSEEN_SECONDS = 300


def match_arrivals(transaction: Transaction, track_ids: Collection[UUID]) -> int:
    """How many rows have their track now."""
    if not track_ids:
        return 0
    with transaction() as database:
        rows = repository.waiting_for(database, track_ids, limit=MOST_AT_ONCE)
        return match_rows(database, rows)


def match_changed(database: Database) -> int:
    """Likewise for tracks that were renamed or restored, or whose arrival went unnoticed."""
    return match_rows(database, repository.waiting_since(database, limit=MOST_AT_ONCE))


def match_unseen(transaction: Transaction) -> int:
    """Likewise for what a large file had no time for. Each round is one transaction: playlists are
    locked by the people who edit them."""
    matched, until = 0, monotonic() + UNSEEN_SECONDS
    while monotonic() < until:
        with transaction() as database:
            rows = repository.waiting_unseen(database, limit=MOST_AT_ONCE)
            matched += match_rows(database, rows)
        if not rows:
            break
    return matched


def match_rows(database: Database, waiting: Sequence[AnyRow]) -> int:
    """Playlist by playlist in one order, so that two of these never wait for each other."""
    of_playlist: defaultdict[tuple[UUID, UUID | None], list[ImportRow]] = defaultdict(list)
    for one in waiting:
        of_playlist[one.playlist_id, one.imported_by].append(one.ImportRow)
    return sum(
        _match(database, playlist_id, user_id, of_playlist[playlist_id, user_id])
        for playlist_id, user_id in sorted(of_playlist, key=str)
    )


def _match(
    database: Database, playlist_id: UUID, user_id: UUID | None, rows: Sequence[ImportRow]
) -> int:
    playlist = lock_active(database, playlist_id=playlist_id)
    if playlist is None:
        return 0
    open_ = repository.still_waiting(database, [row.id for row in rows])
    outcomes = resolve(
        database,
        user_id=user_id,
        rows=[source_of(row) for row in open_],
        rejected=[row.rejected for row in open_],
    )
    settled = [
        _settle(database, playlist_id, row, outcome)
        for row, outcome in zip(open_, outcomes, strict=True)
    ]
    placed = [entry_id for entry_id in settled if entry_id]
    if placed:
        # Ingest orders no pictures of itself: the hourly sweep does.
        edited(database, playlist, made_by=None, undo=Undo(added=placed), renews_cover=False)
    return len(placed)


def _settle(database: Database, playlist_id: UUID, row: ImportRow, outcome: Outcome) -> UUID | None:
    """The id of its entry, if it has its track now."""
    row.state, row.score, row.reasons = outcome.state, outcome.score, list(outcome.reasons)
    row.candidates, row.track_id = list(outcome.candidates), outcome.track_id
    row.checked_at = clock.now()
    entry_id = None
    if outcome.track_id:
        entry_id = place(
            database, playlist_id=playlist_id, row=row, track_id=outcome.track_id, by=None
        )
    database.flush()
    return entry_id
