"""How long the node may work on one question."""

from typing import NamedTuple

from djamms.search.deadline import remaining


class Limits(NamedTuple):
    """`seconds` is how long the client waits. Whoever gives up waiting lets the node give up too:
    `cancels` goes with each question."""

    seconds: float
    cancels: dict[str, str]


def limits(patience: float) -> Limits:
    """What is left of the deadline, or `patience` where there is none. Raises DeadlineExceeded."""
    seconds = remaining() or patience
    return Limits(seconds, {"cancel_after_time_interval": f"{max(int(seconds * 1000), 1)}ms"})
