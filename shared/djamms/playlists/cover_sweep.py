"""The hourly look at all mosaics, and the end of pictures whose playlist is gone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from time import monotonic
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.music.ingest_events import IngestQueue
from djamms.playlists import covers_repository, rule_based
from djamms.playlists.cover_orders import AWAITED
from djamms.storage.cover_keys import both_sizes, mosaic_order_key
from djamms.storage.store import ObjectStore

type Transaction = Callable[[], AbstractContextManager[Database]]

PAGE, MOST_ORDERED, PATIENCE_SECONDS = 100, 400, 120.0
# Uploads wait in the same queue: some orders at a time, over a quarter of an hour at most.
BATCH, PAUSE_SECONDS = 10, 20
# A change may be committed some time after the moment that it is marked with.
MARGIN = timedelta(minutes=1)
PICTURES = 400  # and two objects of each: a request deletes 1,000


def order_all(transaction: Transaction, *, queue: IngestQueue) -> int:
    """How many mosaics were ordered: where something has changed since the last look. Those looked
    at longest ago come first, and what is too much for once has its turn in an hour."""
    began, until = clock.now(), monotonic() + PATIENCE_SECONDS
    ordered, seen = 0, set[UUID]()
    while ordered < MOST_ORDERED and monotonic() < until:
        with transaction() as database:
            found = covers_repository.list_to_look_at(
                database, before=began - MARGIN, awaited_since=began - AWAITED, limit=PAGE
            )
        page = {one.id for one in found} - seen
        if not page:
            break
        seen |= page
        due = {one.id for one in found if one.is_due} & page
        due |= _chosen_anew(transaction, {one.id for one in found if one.has_rules} & page)
        _send(queue, sorted(due), behind=ordered)
        ordered += len(due)
        with transaction() as database:
            held = {one.id for one in covers_repository.hold(database, page)}
            if held:
                covers_repository.note_looked(database, held, at=began - MARGIN)
    return ordered


def _chosen_anew(transaction: Transaction, playlist_ids: set[UUID]) -> set[UUID]:
    """Those whose rules choose other artworks by now."""
    changed = set()
    for one in sorted(playlist_ids):
        with transaction() as database:
            for playlist in covers_repository.hold(database, [one]):
                rules = rule_based.rules_of(playlist)
                if rules and rule_based.renew_candidates(database, playlist, rules):
                    changed.add(one)
    return changed


def _send(queue: IngestQueue, playlist_ids: list[UUID], *, behind: int) -> None:
    for start in range(0, len(playlist_ids), BATCH):
        orders = [(mosaic_order_key(one), 0) for one in playlist_ids[start : start + BATCH]]
        delay = min((behind + start) // BATCH * PAUSE_SECONDS, 900)
        queue.announce(orders, delay_seconds=delay)


def delete_gone(transaction: Transaction, *, store: ObjectStore) -> int:
    """Pictures of deleted playlists; returns how many. The objects first: a row whose picture is
    gone can be asked again, a picture without a row would stay for ever."""
    deleted = 0
    while True:
        with transaction() as database:
            found = covers_repository.list_of_deleted(database, limit=PICTURES)
        if not found:
            return deleted
        kept = store.delete_all(key for one in found for key in both_sizes(one.folder))
        gone = [one for one in found if kept.isdisjoint(both_sizes(one.folder))]
        with transaction() as database:
            for one in gone:
                covers_repository.forget_picture(
                    database, playlist_id=one.playlist_id, folder=one.folder
                )
        deleted += len(gone)
        if kept:
            return deleted
