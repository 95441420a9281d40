"""Sums up the hours that are over; then forgets who searched, and later the searches."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.search.analytics import days_repository as days
from djamms.search.analytics import retention_repository as repository
from djamms.search.analytics.clicks import CLICKABLE
from djamms.search.analytics.report_repository import settings
from djamms.steps import run_all

type Transactions = Callable[[], AbstractContextManager[Database]]

BATCH, MOST_BATCHES = 5_000, 20
# A backlog of a year is made up for in half a day of hourly runs.
MOST_HOURS = 31 * 24


def tidy(transactions: Transactions) -> dict[str, int]:
    """In batches that each keep what they did; what is left over is the next run's. Who searched
    is forgotten on time whatever becomes of the sums: raises Failures afterwards."""
    steps = {
        "search_hours": _sum_up,
        "searches_anonymised": _anonymise,
        "searches": _delete,
        "search_words": _forget_words,
    }
    return run_all({name: partial(step, transactions) for name, step in steps.items()})


def _anonymise(transactions: Transactions) -> int:
    kept, before = _before(transactions, "search.anonymise_days")
    least = kept["search.least_searchers"]
    step = partial(repository.anonymise, before=days.midnight(before), least=least)
    return _in_batches(transactions, step)


def _forget_words(transactions: Transactions) -> int:
    kept, before = _before(transactions, "search.anonymise_days")
    least = kept["search.least_searchers"]
    step = partial(repository.delete_rare_words, before=before, least=least)
    return _in_batches(transactions, step)


def _delete(transactions: Transactions) -> int:
    """Never before they are summed up."""
    before = days.midnight(_before(transactions, "search.retention_days")[1])
    with transactions() as database:
        summed = days.summed_until(database)
    if summed is None:
        return 0
    step = partial(repository.delete_searches, before=min(before, summed))
    return _in_batches(transactions, step)


def _before(transactions: Transactions, setting: str) -> tuple[dict[str, int], date]:
    with transactions() as database:
        kept = settings(database)
    return kept, clock.now().date() - timedelta(days=kept[setting])


def _sum_up(transactions: Transactions) -> int:
    """Hours of which nothing can be opened any more."""
    until = (clock.now() - CLICKABLE).replace(minute=0, second=0, microsecond=0)
    for summed in range(MOST_HOURS):
        with transactions() as database:
            days.lock(database)
            hour = days.oldest_hour(database, before=until)
            if hour is None:
                days.note_silence(database, until=until)
                return summed
            days.sum_up(database, hour)
    return MOST_HOURS


def _in_batches(transactions: Transactions, step: Callable[..., int]) -> int:
    changed = 0
    for _ in range(MOST_BATCHES):
        with transactions() as database:
            done = step(database, limit=BATCH)
        changed += done
        if done < BATCH:
            break
    return changed
