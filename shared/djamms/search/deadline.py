"""How long an engine may take for one request, whatever it does meanwhile."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from threading import Thread

USUAL_SECONDS = 0.4


class DeadlineExceeded(TimeoutError):
    """There is no time left."""


_end: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is done inside has so long, altogether."""
    token = _end.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _end.reset(token)


def remaining() -> float | None:
    """Seconds, for a timeout; None where nothing limits them. Raises DeadlineExceeded."""
    end = _end.get()
    if end is None:
        return None
    left = end - time.monotonic()
    if left <= 0:
        raise DeadlineExceeded("no time is left")
    return left


def bounded[T](call: Callable[[], T]) -> T:
    """Calls it, and leaves it behind when the time is over: a socket's timeout is that of each
    read, and a server that dribbles makes many. So it must touch nothing that others use, least of
    all the request's database session. Raises DeadlineExceeded."""
    left = remaining()
    if left is None:
        return call()
    outcome: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(call())
        except BaseException as error:  # noqa: BLE001 -- raised where it was called
            failure.append(error)

    thread = Thread(target=copy_context().run, args=(run,), daemon=True)
    thread.start()
    thread.join(left)
    if failure:
        raise failure[0]
    if not outcome:
        raise DeadlineExceeded(f"no answer in {left * 1000:.0f} ms")
    return outcome[0]
