from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session as Database

from djamms.music.ingest_events import IngestQueue
from djamms.playlists import covers_repository
from djamms.storage.cover_keys import mosaic_order_key

PAGE, MOST_PAGES = 500, 20


def order_all(
    transaction: Callable[[], AbstractContextManager[Database]], *, queue: IngestQueue
) -> int:
    """How many mosaics were ordered; one that is up to date costs a few reads."""
    ordered, last = 0, None
    for _ in range(MOST_PAGES):
        with transaction() as database:
            found = covers_repository.list_without_own(database, after=last, limit=PAGE)
        queue.announce([(mosaic_order_key(one), 0) for one in found])
        ordered += len(found)
        if len(found) < PAGE:
            break
        last = found[-1]
    return ordered
