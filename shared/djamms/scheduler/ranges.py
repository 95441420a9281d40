"""From when until when a question about the plan is."""

from datetime import datetime, timedelta

from djamms import clock
from djamms.errors import Unprocessable

LONGEST = timedelta(days=366)
# What conflicts and previews look at.
FORTNIGHT = timedelta(days=14)


def now() -> datetime:
    """The plan knows no parts of a second."""
    return clock.now().replace(microsecond=0)


def bounds(
    from_: datetime | None, until: datetime | None, *, usual: timedelta
) -> tuple[datetime, datetime]:
    """From now, and for the usual time, where it is not said. Raises Unprocessable."""
    from_ = from_ or now()
    until = until or from_ + usual
    if not from_ < until <= from_ + LONGEST:
        reason = f"it has to be after `from`, by {LONGEST.days} days at most"
        details = [{"field": "to", "reason": reason}]
        raise Unprocessable(f"The request is not valid. to: {reason}", details=details)
    return from_, until
