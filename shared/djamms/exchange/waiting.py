"""What ingest says when tracks have come. Most libraries wait for none: that is found out first."""

from collections.abc import Collection
from uuid import UUID

from djamms.exchange.waiting_repository import anything_waits
from djamms.music.ingest import Transaction


def match_waiting(transaction: Transaction, track_ids: Collection[UUID]) -> int:
    """How many rows of imported playlists have their track now."""
    if not track_ids:
        return 0
    with transaction() as database:
        if not anything_waits(database):
            return 0
    from djamms.exchange.late import match_arrivals  # 100 ms that only this needs

    return match_arrivals(transaction, track_ids)
