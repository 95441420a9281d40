"""Orders mosaics: an edit says that a picture may be out of date, and `ingest` looks at it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.session import after_commit
from djamms.observability import logger
from djamms.playlists import covers_repository
from djamms.security.principal import GUEST_PRINCIPAL
from djamms.storage.cover_keys import mosaic_order_key

# The message is held back so that it comes after the last of many edits; the edits until then
# order none of their own. Less by a second, so that no edit falls between the two.
DELAY_SECONDS = 10
PAUSE = timedelta(seconds=DELAY_SECONDS - 1)
# A picture that was asked for: the quarter of an hour that its form is good for, and as much again
# for `ingest` to come to it.
AWAITED = timedelta(minutes=30)
# So many tracks are looked at for four different artworks.
LOOKED_AT = 40
# A mosaic shows what everyone may see: a link to a private playlist may reach anybody.
VIEWER = GUEST_PRINCIPAL


def order_mosaic(database: Database, playlist_id: UUID) -> None:
    """After the commit; a lost order is made up for by the next edit and the hourly sweep."""
    now = clock.now()
    if covers_repository.note_order(
        database, playlist_id=playlist_id, now=now, unless_since=now - PAUSE
    ):
        after_commit(database, _sending(playlist_id))


def _sending(playlist_id: UUID) -> Callable[[], None]:
    return lambda: send_order(playlist_id)


def send_order(playlist_id: UUID) -> None:
    from djamms.music.ingest_events import ingest_queue  # boto3: 250 ms that only edits pay

    try:
        order = (mosaic_order_key(playlist_id), 0)
        ingest_queue().announce([order], delay_seconds=DELAY_SECONDS)
    except Exception:  # noqa: BLE001 - a picture is no reason to fail an edit that is done
        logger.exception("mosaic_order_failed", extra={"playlist_id": str(playlist_id)})
