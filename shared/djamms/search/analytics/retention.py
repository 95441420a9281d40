"""Sums up the days that are over; then forgets who searched, and later the searches."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.search.analytics import days_repository as days
from djamms.search.analytics import retention_repository as repository
from djamms.search.analytics.clicks import CLICKABLE
from djamms.search.analytics.report_repository import settings

type Transactions = Callable[[], AbstractContextManager[Database]]

BATCH, MOST_BATCHES = 5_000, 20
# A backlog of a year is made up for in a day of hourly runs.
MOST_DAYS = 31


def tidy(transactions: Transactions) -> dict[str, int]:
    """In batches that each keep what they did; what is left over is the next run's."""
    done = {"search_days": _sum_up(transactions)}
    with transactions() as database:
        kept, summed = settings(database), days.summed_up_until(database)
    if summed is None:
        return done
    # Never before it is summed up.
    today = clock.now().date()
    anonymous = min(summed, today - timedelta(days=kept["search.anonymise_days"]))
    over = min(summed, today - timedelta(days=kept["search.retention_days"]))
    moments = days.midnight(anonymous), days.midnight(over)
    least = kept["search.least_searchers"]
    steps = {
        "searches_anonymised": partial(repository.anonymise, before=moments[0]),
        "searches": partial(repository.delete_searches, before=moments[1]),
        "search_words": partial(repository.delete_rare_words, before=anonymous, least=least),
    }
    return done | {name: _in_batches(transactions, step) for name, step in steps.items()}


def _sum_up(transactions: Transactions) -> int:
    """Days of which nothing can be opened any more."""
    before = (clock.now() - CLICKABLE).date()
    for summed in range(MOST_DAYS):
        with transactions() as database:
            day = days.oldest_day(database, since=days.summed_up_until(database))
            if day is None or day >= before:
                return summed
            days.sum_up(database, day)
    return MOST_DAYS


def _in_batches(transactions: Transactions, step: Callable[..., int]) -> int:
    changed = 0
    for _ in range(MOST_BATCHES):
        with transactions() as database:
            done = step(database, limit=BATCH)
        changed += done
        if done < BATCH:
            break
    return changed
