"""Forgets names that nothing has any more, and the words that only they had."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

from sqlalchemy.orm import Session as Database

from djamms.search import unused_names_repository as repository
from djamms.steps import run_all

type Transactions = Callable[[], AbstractContextManager[Database]]

# Names cannot be written while one batch is deleted.
BATCH, MOST_BATCHES = 1_000, 50


def forget_unused(transactions: Transactions) -> dict[str, int]:
    """What is left over, also because somebody was writing names, is the next run's."""
    steps = {
        "empty_names": repository.forget_empty_names,
        "unused_words": repository.forget_unused_words,
    }
    return run_all({name: partial(_in_batches, transactions, step) for name, step in steps.items()})


def _in_batches(transactions: Transactions, step: Callable[..., int]) -> int:
    forgotten = 0
    for _ in range(MOST_BATCHES):
        try:
            with transactions() as database:
                done = step(database, limit=BATCH)
        except repository.NamesAreWritten:
            break
        forgotten += done
        if done < BATCH:
            break
    return forgotten
