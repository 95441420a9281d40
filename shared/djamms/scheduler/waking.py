"""Wakes playout after the plan has changed, so that nobody waits for its next minute."""

from datetime import datetime
from math import ceil, inf

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.config import config
from djamms.db.session import after_commit
from djamms.observability import logger
from djamms.storage.client import waking_client

# A minute, and what a tick may be late by.
SOON_SECONDS = 75


def wake_after_commit(database: Database) -> None:
    """Once what this transaction writes can be seen; not if it fails."""
    after_commit(database, wake_playout)


def wake_at(moment: datetime | None) -> None:
    """For what changes before the next minute, or with it, whose tick may be late."""
    left = (moment - clock.now()).total_seconds() if moment else inf
    if 0 < left <= SOON_SECONDS:
        wake_playout(delay_seconds=ceil(left))


def wake_playout(*, delay_seconds: int = 0) -> None:
    """The message says nothing: the plan is in the database. One that is lost is made good within
    a minute, so that what was written stands whatever the queue does."""
    if not config.playout_queue_url:
        return
    from botocore.exceptions import BotoCoreError, ClientError  # comes with the client

    try:
        waking_client().send_message(
            QueueUrl=config.playout_queue_url, MessageBody="{}", DelaySeconds=delay_seconds
        )
    except (BotoCoreError, ClientError):
        logger.exception("playout_not_woken")
