from collections.abc import Callable
from contextlib import AbstractContextManager
from time import monotonic
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.models.playlist import Playlist
from djamms.observability import logger
from djamms.playlists import rule_based, rules_repository

# For one statement of one playlist, and for all of them: the job ends well within its function.
STATEMENT_SECONDS, ALL_SECONDS = 5, 480

type Transaction = Callable[[], AbstractContextManager[Database]]


def recount_all(transaction: Transaction) -> int:
    """How many playlists with rules were counted anew, for the lists that show them."""
    until, counted = monotonic() + ALL_SECONDS, 0
    with transaction() as database:
        ids = rules_repository.ids_of_rule_based(database)
    for playlist_id in ids:
        if monotonic() > until:
            logger.warning("recounting_cut_short", extra={"left": len(ids) - counted})
            break
        counted += _recount(transaction, playlist_id)
    return counted


def _recount(transaction: Transaction, playlist_id: UUID) -> bool:
    """One that takes too long keeps its counts, and the others are counted all the same."""
    try:
        with transaction() as database:
            rules_repository.bound_time(database, seconds=STATEMENT_SECONDS)
            if playlist := database.get(Playlist, playlist_id):
                rule_based.recount(database, playlist)
    except Exception:  # noqa: BLE001 - of one playlist; the next run tries again
        logger.exception("recounting_failed", extra={"playlist_id": str(playlist_id)})
        return False
    return True
