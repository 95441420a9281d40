"""A minute's tick, or SQS messages that only wake: either way the plan is followed until now."""

from typing import Any

from djamms import settle
from djamms.config import config
from djamms.db.session import transaction
from djamms.observability import logger
from djamms.scheduler.playout import tell_all_is_well, tick
from djamms.scheduler.publishing import publish
from djamms.scheduler.waking import wake_at

config.require("playout")
settle()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Any error fails all messages, so that they come again later. A bus that is down is none: what
    it did not take waits for the next tick."""
    with transaction() as database:
        ticked = tick(database)
    wake_at(ticked.until)
    is_published = publish(transaction)
    if is_published:
        tell_all_is_well()
    return {
        "recorded": ticked.recorded,
        "missed": ticked.missed,
        "published": is_published,
        "batchItemFailures": [],
    }
