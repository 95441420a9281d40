"""How long a batch may wait for OpenSearch."""

from contextlib import AbstractContextManager

from djamms.search.deadline import remaining, within

# All calls of a batch together: the lock is held meanwhile (see `outbox_repository.TIMEOUTS`).
BATCH_SECONDS = 30.0


def one_batch() -> AbstractContextManager[None]:
    """Raises DeadlineExceeded where whoever does it has no time left."""
    left = remaining()
    return within(BATCH_SECONDS if left is None else min(left, BATCH_SECONDS))
