from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.request import RateCount
from djamms.models.user import Session as SignIn
from djamms.system.housekeeping import clean_up
from tests.support.factories import make_user


def test_forgets_what_is_over_and_nothing_else(session: Session) -> None:
    user, now = make_user(session), clock.now()
    for days in (-31, -29, 1):
        expires_at = now + timedelta(days=days)
        session.add(SignIn(user_id=user.id, refresh_hash="x", expires_at=expires_at))
    for hours in (3, 1):
        window = now - timedelta(hours=hours)
        session.add(RateCount(bucket="b", window_start=window, requests=1))
    session.flush()

    done = clean_up(session)

    assert done == {"sessions": 1, "idempotency_keys": 0, "rate_counts": 1, "audit_events": 0}
    assert session.scalar(select(func.count()).where(SignIn.user_id == user.id)) == 2
    assert session.scalar(select(func.count()).select_from(RateCount)) == 1
