"""Work beside a test's own, whose failures are the test's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread


@contextmanager
def in_thread(work: Callable[[], object], *, until: Callable[[], object] = bool) -> Iterator[None]:
    """Runs beside the block, and raises what it raised. `until` ends it."""
    problems: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - for the test's own thread
            problems.append(error)

    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        until()
        thread.join(30)
    assert not thread.is_alive()
    assert problems == []
