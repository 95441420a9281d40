"""SQS messages → OpenSearch. They only wake: what is to be done stands in the database."""

from typing import Any

from djamms import settle
from djamms.config import config
from djamms.db.session import transaction
from djamms.observability import logger
from djamms.search.deadline import within
from djamms.search.indexing.service import work_or_wake

config.require("indexer")
settle()

# For a batch that begins; of it what is kept to end in, whatever OpenSearch does.
RESERVE_MS, TO_END_MS = 15_000, 5_000


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Any error fails all messages, so that they come again later."""
    left = context.get_remaining_time_in_millis
    with within((left() - TO_END_MS) / 1000):
        is_done = work_or_wake(transaction, has_time=lambda: left() > RESERVE_MS)
    return {"done": is_done, "batchItemFailures": []}
