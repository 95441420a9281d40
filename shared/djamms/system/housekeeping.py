"""What is over is forgotten, in bounded batches."""

from datetime import timedelta

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.models.account import KnownAddress, LoginThrottle, PasswordReset
from djamms.models.request import IdempotencyKey, RateCount
from djamms.models.schedule import PlayoutEvent, ScheduleOverride
from djamms.models.user import Session
from djamms.security import audit
from djamms.system import repository

BATCH = 10_000
# Ended sessions stay a while, for the list of a person's sign-ins.
SESSIONS_KEPT = timedelta(days=30)
COUNTS_KEPT = timedelta(hours=2)
FAILURES_KEPT = timedelta(days=2)
ADDRESSES_KEPT = timedelta(days=90)
RESETS_KEPT = timedelta(days=1)
PLAYOUT_KEPT = timedelta(days=365)
# As far back as an answer about the plan looks.
OVERRIDES_KEPT = timedelta(days=366)


def clean_up(database: Database) -> dict[str, int]:
    """How many rows of each kind went."""
    now = clock.now()
    return {
        "sessions": repository.delete_older(
            database, Session.expires_at, before=now - SESSIONS_KEPT, limit=BATCH
        ),
        "idempotency_keys": repository.delete_older(
            database, IdempotencyKey.expires_at, before=now, limit=BATCH
        ),
        "rate_counts": repository.delete_older(
            database, RateCount.window_start, before=now - COUNTS_KEPT, limit=BATCH
        ),
        "audit_events": audit.forget_old(database, limit=BATCH),
        "login_throttles": repository.delete_older(
            database, LoginThrottle.last_failed_at, before=now - FAILURES_KEPT, limit=BATCH
        ),
        "known_addresses": repository.delete_older(
            database, KnownAddress.seen_at, before=now - ADDRESSES_KEPT, limit=BATCH
        ),
        "password_resets": repository.delete_older(
            database, PasswordReset.expires_at, before=now - RESETS_KEPT, limit=BATCH
        ),
        "playout_events": repository.delete_older(
            database, PlayoutEvent.at, before=now - PLAYOUT_KEPT, limit=BATCH
        ),
        "schedule_overrides": sum(
            repository.delete_older(database, end, before=now - OVERRIDES_KEPT, limit=BATCH)
            for end in (ScheduleOverride.ends_at, ScheduleOverride.cancelled_at)
        ),
    }
