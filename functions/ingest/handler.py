"""SQS messages of S3 events → tracks. Answers which messages failed, so that only they return.

The loop is ours: powertools' batch processor costs 70 ms of imports for what these lines do.
"""

from time import perf_counter
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from djamms import settle
from djamms.config import config
from djamms.db.session import transaction
from djamms.exchange.waiting import match_waiting
from djamms.music.ingest import Outcome, Result, begin_uploads, ingest_or_give_up
from djamms.music.ingest_events import created_keys
from djamms.observability import logger
from djamms.storage.cover_keys import cover_of
from djamms.storage.keys import track_id_of
from djamms.storage.store import media_store

config.require("ingest")
settle()

metrics = Metrics(namespace="Djamms", service="ingest")
# Enough for one file and its retries; what is not begun by then comes back in another batch.
RESERVE_MS = 15_000

# The key of a raw object, and the message that brought it.
type Needless = dict[str, str]


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    begin(event["Records"])
    needless: Needless = {}
    failed = [m["messageId"] for m in event["Records"] if not is_done(m, context, needless)]
    failed += discarded_badly(needless)
    find_their_rows(needless)
    # Not the decorator: it warns of every batch that made no track.
    if metrics.metric_set:
        metrics.flush_metrics()
    return {"batchItemFailures": [{"itemIdentifier": name} for name in dict.fromkeys(failed)]}


def begin(messages: list[dict[str, Any]]) -> None:
    """One statement for the whole batch, seen at once by who asks how far a file is."""
    found = {track_id_of(key) for message in messages for key in keys_of(message)} - {None}
    with transaction() as database:
        begin_uploads(database, [track_id for track_id in found if track_id])


def keys_of(message: dict[str, Any]) -> list[str]:
    """None of a message that makes no sense: it fails when its turn comes."""
    try:
        return list(created_keys(message["body"]))
    except (ValueError, KeyError, TypeError):
        return []


def is_done(message: dict[str, Any], context: Any, needless: Needless) -> bool:
    if context.get_remaining_time_in_millis() < RESERVE_MS:
        return False
    try:
        for key in created_keys(message["body"]):
            if raw := ingest(key):
                needless[raw] = message["messageId"]
    except Exception:  # noqa: BLE001 - one record's trouble is not the batch's
        logger.exception("ingest_error", extra={"message_id": message["messageId"]})
        metrics.add_metric("IngestErrors", MetricUnit.Count, 1)
        return False
    finally:
        logger.set_correlation_id(None)
    return True


def ingest(key: str) -> str | None:
    """The raw object that nobody needs any more."""
    if wanted := cover_of(key):
        from djamms.playlists.cover_making import make_cover  # what no track needs

        playlist_id, upload_id = wanted
        return make_cover(
            transaction, store=media_store(), playlist_id=playlist_id, upload_id=upload_id
        )
    track_id = track_id_of(key)
    if track_id is None:
        logger.warning("not_an_upload", extra={"key": key})
        return None
    began = perf_counter()
    outcome = ingest_or_give_up(transaction, store=media_store(), track_id=track_id)
    report(outcome, round((perf_counter() - began) * 1000))
    return outcome.discard_key


def discarded_badly(needless: Needless) -> list[str]:
    """Deletes the raw objects, one request for the batch, after all commits. Answers the messages
    whose object stays: they come again, find their track ready, and only delete."""
    if not needless:
        return []
    try:
        kept = media_store().delete_all(needless)
    except Exception:  # noqa: BLE001 - the tracks are there all the same
        kept = set(needless)
        logger.exception("discard_error", extra={"keys": sorted(kept)})
        metrics.add_metric("IngestErrors", MetricUnit.Count, len(kept))
    return [needless[key] for key in kept]


def find_their_rows(needless: Needless) -> None:
    """Rows of imported playlists that waited for these tracks. What fails here, or was missed, is
    made good by the hourly clean-up."""
    tracks = {track_id for key in needless if (track_id := track_id_of(key))}
    try:
        matched = match_waiting(transaction, tracks)
    except Exception:  # noqa: BLE001 - the tracks are there all the same
        logger.exception("match_error", extra={"track_ids": sorted(map(str, tracks))})
        return
    if matched:
        logger.info("rows_matched", extra={"rows": matched})


def report(outcome: Outcome, elapsed_ms: int) -> None:
    facts = {
        "track_id": str(outcome.track_id),
        "size_bytes": outcome.size_bytes,
        "reads": outcome.reads,
        "elapsed_ms": elapsed_ms,
    }
    if outcome.failure_code:
        facts["failure_code"] = outcome.failure_code
    if outcome.warnings:
        facts["warnings"] = list(outcome.warnings)
    logger.info(f"upload_{outcome.result}", extra=facts)
    if name := METRICS.get(outcome.result):
        metrics.add_metric(name, MetricUnit.Count, 1)


METRICS = {Result.INGESTED: "TrackIngested", Result.FAILED: "UploadRejected"}
