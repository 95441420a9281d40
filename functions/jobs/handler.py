"""One name → one job: `{"job": "migrate"}`. Schedules send it, and so does the operator."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from djamms import settle
from djamms.config import config
from djamms.db.session import transaction
from djamms.observability import logger

MIN_AGE_SECONDS = 300

config.require("jobs")
settle()


def migrate(event: dict[str, Any]) -> dict[str, Any]:
    """Brings the schema to the newest revision, then adds what a fresh installation needs."""
    from djamms.db.migrate import (  # alembic: 150 ms that only this job pays
        migration_engine,
        upgrade,
    )
    from djamms.search.indexing.service import keep_current
    from djamms.system.seed import seed  # argon2 and all models, likewise

    upgrade(migration_engine(config.database_url))
    with transaction() as database:
        seed(database, admin=config.admin_account)
        keep_current(database)
    return {}


def reconcile_uploads(event: dict[str, Any]) -> dict[str, Any]:
    """Queues uploads whose event was lost; `minAgeSeconds` says after how long it counts as so."""
    from djamms.music.ingest_events import ingest_queue  # boto3: 250 ms, likewise
    from djamms.music.reconcile import reconcile_uploads
    from djamms.storage.store import media_store

    min_age_seconds = int(event.get("minAgeSeconds", MIN_AGE_SECONDS))
    report = reconcile_uploads(
        transaction, store=media_store(), queue=ingest_queue(), min_age_seconds=min_age_seconds
    )
    return asdict(report)


def empty_trash(event: dict[str, Any]) -> dict[str, Any]:
    """Moves deleted tracks out of reach, and erases those deleted longer ago than the setting."""
    from djamms.music.trash import empty_trash  # boto3, likewise
    from djamms.storage.store import media_store

    return asdict(empty_trash(transaction, store=media_store()))


def check_objects(event: dict[str, Any]) -> dict[str, Any]:
    """Marks tracks whose sound is gone, heals those whose sound is back; `force` marks them even
    where they are so many that the bucket is rather to blame."""
    from djamms.music.object_check import check_objects  # boto3, likewise
    from djamms.storage.store import media_store

    force = event.get("force") is True
    return asdict(check_objects(transaction, store=media_store(), force=force))


def clean_up(event: dict[str, Any]) -> dict[str, Any]:
    """Forgets sessions, security events and the like that are over; fails uploads that never came;
    sums up searches by the hour; forgets names that nothing has any more; erases accounts that were
    deleted a while ago; looks again for what imported playlists lack. What fails keeps nothing else
    from being done: raises after."""
    from djamms.auth.erasing import erase_due
    from djamms.exchange.late import match_changed, match_unseen
    from djamms.music.reconcile import expire_uploads  # boto3, likewise
    from djamms.playlists.history import forget_old
    from djamms.search.analytics.retention import tidy
    from djamms.search.unused_names import forget_unused
    from djamms.steps import run_all
    from djamms.storage.store import media_store
    from djamms.system.housekeeping import clean_up

    # Each in a transaction of its own: playlists are locked by the people who edit them.
    def alone(step: Callable[[Any], Any]) -> Any:
        with transaction() as database:
            return step(database)

    return run_all(
        {
            "housekeeping": lambda: alone(clean_up),
            "expired_uploads": lambda: alone(partial(expire_uploads, store=media_store())),
            "playlist_versions": lambda: alone(forget_old),
            "rows_matched": lambda: alone(match_changed) + match_unseen(transaction),
            "searches": lambda: tidy(transaction),
            "names": lambda: forget_unused(transaction),
            "erased_accounts": lambda: erase_due(transaction),
        }
    )


def playlist_covers(event: dict[str, Any]) -> dict[str, Any]:
    """Counts what rules choose by now, for lists. Orders mosaics, some hundreds at once: of tracks
    that changed without an edit of the playlist, of rules that choose other artworks by now, and
    once more what edits ordered since the last time. Deletes the pictures of deleted playlists."""
    from djamms.music.ingest_events import ingest_queue  # boto3, likewise
    from djamms.playlists.cover_sweep import delete_gone, order_all
    from djamms.playlists.rule_sweep import recount_all  # pydantic, likewise
    from djamms.storage.store import media_store

    counted = recount_all(transaction)
    deleted = delete_gone(transaction, store=media_store())
    ordered = order_all(transaction, queue=ingest_queue())
    return {"counted": counted, "ordered": ordered, "deleted": deleted}


def index_changes(event: dict[str, Any]) -> dict[str, Any]:
    """Wakes the indexer for what a crash left, makes the first index where there is none, and
    measures how late the index is."""
    from djamms.search.indexing.lag import lag_seconds, publish_lag
    from djamms.search.indexing.service import sweep

    with transaction() as database:
        lag = lag_seconds(database)
        done = sweep(database)
    publish_lag(lag)
    return {**done, "lag_seconds": round(lag, 1)}


def reindex(event: dict[str, Any]) -> dict[str, Any]:
    """Makes the search index anew while the old one serves: `{"act": "begin"}`, which goes on with
    one that is on its way, `"cancel"`, or `"look"` for how far it is."""
    from djamms.search.indexing.rebuilding import rebuild

    with transaction() as database:
        return rebuild(database, str(event.get("act", "begin")))


JOBS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "check-objects": check_objects,
    "clean-up": clean_up,
    "empty-trash": empty_trash,
    "index-changes": index_changes,
    "migrate": migrate,
    "playlist-covers": playlist_covers,
    "reconcile-uploads": reconcile_uploads,
    "reindex": reindex,
}
# They delete for good what is old, and a clock that is moved ahead makes all of it look so.
AGEING = {"clean-up", "empty-trash"}


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    job = JOBS.get(str(event.get("job")))
    if job is None:
        raise ValueError(f"unknown job {event.get('job')!r}; known: {', '.join(sorted(JOBS))}")
    if event["job"] in AGEING and config.clock_offset_seconds > 0:
        logger.warning("job_left_out", extra={"job": event["job"]})
        return {"job": event["job"], "left_out": "the clock is moved ahead"}
    outcome = job(event)
    # By itself: a log record has fields of its own, such as `name`.
    logger.info("job_done", extra={"job": event["job"], "outcome": outcome})
    return {"job": event["job"], **outcome}
