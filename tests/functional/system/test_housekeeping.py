from datetime import timedelta
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.account import KnownAddress, LoginThrottle, PasswordReset
from djamms.models.request import RateCount
from djamms.models.schedule import PlayoutEvent, PlayoutZone, ScheduleOverride
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

    assert {kind: rows for kind, rows in done.items() if rows} == {"sessions": 1, "rate_counts": 1}
    assert session.scalar(select(func.count()).where(SignIn.user_id == user.id)) == 2
    assert session.scalar(select(func.count()).select_from(RateCount)) == 1


def test_forgets_attempts_addresses_and_links(session: Session) -> None:
    user, now = make_user(session), clock.now()
    for days in (1, 3, 89, 91):
        moment, name = now - timedelta(days=days), str(days)
        session.add(
            LoginThrottle(key=name, failures=1, blocked_until=moment, last_failed_at=moment)
        )
        session.add(KnownAddress(user_id=user.id, address_hash=name, seen_at=moment))
        expires_at = moment + timedelta(minutes=30)
        reset = PasswordReset(id=uuid4(), user_id=user.id, token_hash=name, expires_at=expires_at)
        session.add(reset)
    session.flush()

    done = clean_up(session)

    wanted = {"login_throttles": 3, "known_addresses": 1, "password_resets": 3}
    assert {kind: rows for kind, rows in done.items() if rows} == wanted


def test_forgets_what_played_more_than_a_year_ago(session: Session) -> None:
    now = clock.now()
    session.add(PlayoutZone(name="main", followed_until=now))
    session.flush()
    for days in (364, 366):
        at = now - timedelta(days=days)
        words = {"source": "default", "rule": "default", "title": "", "playlist": ""}
        session.add(PlayoutEvent(zone="main", at=at, **words))
    session.flush()

    assert clean_up(session)["playout_events"] == 1
    assert session.scalars(select(PlayoutEvent.at)).all() == [now - timedelta(days=364)]


def test_forgets_overrides_that_ended_more_than_a_year_ago(session: Session) -> None:
    now = clock.now()
    old, recent = now - timedelta(days=367), now - timedelta(days=365)
    begun, later = now - timedelta(days=400), now + timedelta(days=1)
    kept = [uuid4() for _ in range(3)]
    for id_, ends_at, cancelled_at in (
        (uuid4(), old, None),
        (uuid4(), later, old),
        (kept[0], recent, None),
        (kept[1], None, recent),
        (kept[2], None, None),
    ):
        words = {"starts_at": begun, "ends_at": ends_at, "cancelled_at": cancelled_at}
        session.add(ScheduleOverride(id=id_, is_stop=True, **words))
    session.flush()

    assert clean_up(session)["schedule_overrides"] == 2
    assert set(session.scalars(select(ScheduleOverride.id))) == set(kept)
