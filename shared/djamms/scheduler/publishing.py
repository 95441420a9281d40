"""What became current, to the event bus: at least once, and in order.

docs/events.md describes the event; who listens forgets the ids that it has seen.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from djamms import clock
from djamms.config import config
from djamms.db.session import Transaction
from djamms.models.schedule import PlayoutEvent
from djamms.observability import logger
from djamms.scheduler import playout_repository as repository
from djamms.storage.client import events_client

SOURCE = "djamms.scheduler"
DETAIL_TYPE = "PlayoutChanged"
# EventBridge takes no more at once.
BATCH = 10


def publish(transactions: Transaction) -> bool:
    """Whether nothing is left. What the bus does not take is sent with the next tick."""
    while True:
        with transactions() as database:
            waiting = repository.hold_unpublished(database, limit=BATCH)
            taken = send(waiting)
            if taken:
                repository.published(database, waiting[:taken], at=clock.now())
        if taken < len(waiting):
            return False
        if len(waiting) < BATCH:
            return True


def send(events: Sequence[PlayoutEvent]) -> int:
    """How many the bus took before the first that it did not: those after it come once more, as
    nobody is to hear of what follows last."""
    if not events:
        return 0
    from botocore.exceptions import BotoCoreError, ClientError  # comes with the client

    try:
        reply = events_client().put_events(Entries=[entry(event) for event in events])
    except (BotoCoreError, ClientError):
        logger.exception("playout_not_published", extra={"waiting": len(events)})
        return 0
    refused = [n for n, one in enumerate(reply["Entries"]) if one.get("ErrorCode")]
    if refused:
        first = reply["Entries"][refused[0]]
        words = {"refused": len(refused), "reason": first.get("ErrorCode")}
        logger.error("playout_not_published", extra=words)
    return refused[0] if refused else len(events)


def entry(event: PlayoutEvent) -> dict[str, Any]:
    return {
        "EventBusName": config.event_bus,
        "Source": SOURCE,
        "DetailType": DETAIL_TYPE,
        "Time": event.at,
        "Detail": json.dumps(detail(event)),
    }


def detail(event: PlayoutEvent) -> dict[str, Any]:
    silent = event.playlist_id is None
    return {
        "id": event.id,
        "zone": event.zone,
        "at": _instant(event.at),
        "until": _instant(event.until) if event.until else None,
        "source": event.source,
        "rule": event.rule,
        "entryId": _text(event.entry_id),
        "overrideId": _text(event.override_id),
        "title": event.title,
        "playlist": None if silent else {"id": str(event.playlist_id), "name": event.playlist},
        "missed": event.is_missed,
        "recordedAt": _instant(event.recorded_at),
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(identifier: UUID | None) -> str | None:
    return str(identifier) if identifier else None
