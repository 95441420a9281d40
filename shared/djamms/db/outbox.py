"""Wakes the indexer after what is searched has changed: triggers write an outbox and say so."""

from typing import Any

from djamms.config import config
from djamms.observability import logger
from djamms.storage.client import sqs_client

# What the triggers of migration 0020 raise; b"M" is a message's text in PostgreSQL's protocol.
NEWS = b"search_outbox"
MESSAGE = b"M"


def has_news(driver: Any) -> bool:
    """Whether a statement since the last look left something in the outbox that somebody waits
    for. It came with the statement's answer: nobody can forget to ask, and asking is free."""
    found = any(notice.get(MESSAGE) == NEWS for notice in driver.notices)
    driver.notices.clear()
    return found


def wake_indexer() -> None:
    """The message says nothing: the outbox is the truth. One that is lost is made good within a
    minute, so that what was written stands whatever the queue does."""
    if not config.index_queue_url:
        return
    from botocore.exceptions import BotoCoreError, ClientError  # comes with the client

    try:
        sqs_client().send_message(QueueUrl=config.index_queue_url, MessageBody="{}")
    except (BotoCoreError, ClientError):
        logger.exception("indexer_not_woken")
