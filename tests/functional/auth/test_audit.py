"""The audit log: what is written to it, what never is, and that it only grows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from djamms import clock
from djamms.auth.erasing import erase_due
from djamms.auth.service import REUSE_GRACE
from djamms.db.session import transaction
from djamms.models.audit import AuditEvent
from djamms.models.system import SystemSetting
from djamms.models.user import Role, User
from djamms.security import audit
from djamms.security.audit import REMOVED
from tests.support.api import SOURCE_IP, Client, next_link
from tests.support.factories import PASSWORD, make_user, sign_in

AUDIT, USERS = "/api/auth/audit", "/api/auth/users"
CREDENTIALS = {"login": "ada", "password": PASSWORD}


def events(session: Session) -> list[AuditEvent]:
    """Oldest first; of this test, as others are rolled back."""
    session.expire_all()
    return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def kinds(session: Session) -> list[str]:
    return [one.event for one in events(session)]


@pytest.fixture
def later() -> Iterator[datetime]:
    """When a rotated token is no longer forgiven."""
    moment = clock.now() + REUSE_GRACE + timedelta(hours=1)
    yield moment
    clock.set_clock(None)


def test_signing_in_and_out(session: Session, anonymous: Client, user: User) -> None:
    token = anonymous.post("/api/auth/login", CREDENTIALS).json()["token"]
    anonymous.as_(token).post("/api/auth/logout")

    assert kinds(session) == ["login.succeeded", "logout"]
    assert {(one.user_id, one.source_ip, one.actor_id) for one in events(session)} == {
        (user.id, SOURCE_IP, None)
    }


def test_failing_to_sign_in(session: Session, anonymous: Client, user: User) -> None:
    for account in ("ada", "a-password-typed-in-the-wrong-place"):
        anonymous.post("/api/auth/login", {"login": account, "password": "wrong"})

    assert [(one.event, one.user_id, one.details) for one in events(session)] == [
        ("login.failed", user.id, {}),
        ("login.failed", None, {}),
    ]


def test_registering(session: Session, anonymous: Client) -> None:
    new = {"username": "new.user", "email": "n@example.test", "password": "long enough"}
    made = anonymous.post("/api/auth/register", new).json()["user"]["id"]

    assert [(one.event, str(one.user_id)) for one in events(session)] == [
        ("account.registered", made)
    ]


def test_a_refresh_token_that_is_used_twice(
    session: Session, anonymous: Client, user: User, later: datetime
) -> None:
    first = anonymous.post("/api/auth/login", CREDENTIALS).json()["refreshToken"]
    anonymous.post("/api/auth/refresh", {"refreshToken": first})
    clock.set_clock(lambda: later)
    anonymous.post("/api/auth/refresh", {"refreshToken": first})

    last = events(session)[-1]
    assert (last.event, last.user_id, last.source_ip) == ("refresh.reused", user.id, SOURCE_IP)


def test_what_administrators_do(session: Session, user: User, as_admin: Client) -> None:
    user_id, path = user.id, f"{USERS}/{user.id}"
    boss = session.scalar(select(User.id).where(User.username == "root2"))
    sign_in(session, user)
    as_admin.post(f"{path}/revoke-sessions")
    as_admin.put(path, {"role": "moderator"})
    as_admin.put(path, {"isActive": False})
    as_admin.put(path, {"isActive": True, "name": "Ada"})
    as_admin.delete(path)

    written = events(session)
    assert [one.event for one in written] == [
        *("sessions.revoked", "role.changed", "account.deactivated", "name.changed"),
        *("account.reactivated", "account.deleted"),
    ]
    assert {(one.user_id, one.actor_id, one.source_ip) for one in written} == {
        (user_id, boss, SOURCE_IP)
    }
    assert written[1].details == {"before": "user", "after": "moderator"}


def test_ending_ones_own_sessions(session: Session, user: User, as_user: Client) -> None:
    sign_in(session, user)
    ids = [one["id"] for one in as_user.get("/api/auth/sessions").json() if not one["isCurrent"]]
    as_user.delete(f"/api/auth/sessions/{ids[0]}")
    as_user.delete("/api/auth/sessions")
    as_user.delete("/api/auth/sessions?current=true")

    assert [(one.event, one.details) for one in events(session)] == [
        ("session.revoked", {"session": ids[0]}),
        ("sessions.revoked", {"sessions": 1}),
    ]


def test_what_changes_nothing_is_no_event(session: Session, user: User, as_admin: Client) -> None:
    as_admin.put(f"{USERS}/{user.id}", {"role": "user", "isActive": True})
    as_admin.post(f"{USERS}/{user.id}/revoke-sessions")

    assert kinds(session) == []


def test_who_acts_upon_oneself_is_named_once(session: Session, user: User) -> None:
    audit.record(session, "logout", user_id=user.id, actor_id=user.id)

    assert [(one.user_id, one.actor_id) for one in events(session)] == [(user.id, None)]


def test_an_act_that_fails_is_no_event(session: Session, user: User, as_admin: Client) -> None:
    as_admin.delete(f"{USERS}/{user.id}?transferTo={uuid4()}")

    assert kinds(session) == []


def test_settings_that_open_or_close_doors(session: Session, user: User) -> None:
    def change(key: str, value: object) -> None:
        values = {"value": value, "updated_by": user.id}
        session.execute(update(SystemSetting).where(SystemSetting.key == key).values(values))

    change("guest.access", False)
    change("guest.access", False)
    change("venue.timezone", "Europe/Berlin")

    [event] = events(session)
    assert (event.event, event.actor_id) == ("setting.changed", user.id)
    assert event.details == {"key": "guest.access", "from": True, "to": False}


def test_holds_no_secret(session: Session, anonymous: Client, user: User, later: datetime) -> None:
    """Of everything that was sent, answered or stored while people come and go."""
    secrets = {PASSWORD, "a wrong password", user.password_hash}
    for password in (PASSWORD, "a wrong password"):
        grant = anonymous.post("/api/auth/login", CREDENTIALS | {"password": password}).json()
        anonymous.post("/api/auth/login", {"login": password, "password": password})
        secrets |= {grant.get("token", ""), grant.get("refreshToken", "")}
    first = next(one for one in secrets if one.count(".") == 1)
    secrets |= set(first.split("."))
    anonymous.post("/api/auth/refresh", {"refreshToken": first})
    clock.set_clock(lambda: later)
    anonymous.post("/api/auth/refresh", {"refreshToken": first})

    whole = session.scalar(
        text("SELECT string_agg(row_to_json(audit_log)::text, '') FROM audit_log")
    )

    assert "refresh.reused" in str(whole)
    # The session's id is no secret: the log names it.
    found = [one for one in secrets - {first.split(".")[0]} if one and one in whole]
    assert found == []


@pytest.mark.parametrize(
    ("details", "stored"),
    [
        ({"newPassword": "x"}, {"newPassword": REMOVED}),
        ({"refresh_token": "x"}, {"refresh_token": REMOVED}),
        ({"Authorization": "Bearer x"}, {"Authorization": REMOVED}),
        ({"why": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3YTNjOWUxNSJ9.x"}, {"why": REMOVED}),
        ({"one": {"two": [f"{'a' * 32}.{'b' * 43}"]}}, {"one": {"two": [REMOVED]}}),
        ({"was": "$argon2id$v=19$m=1"}, {"was": REMOVED}),
        ({"count": 3, "on": True, "none": None}, {"count": 3, "on": True, "none": None}),
        ({"text": "a\0b" + "c" * 600}, {"text": "ab" + "c" * 498}),
    ],
)
def test_details_are_cleaned(
    session: Session, details: dict[str, Any], stored: dict[str, Any]
) -> None:
    audit.record(session, "login.succeeded", user_id=None, details=details)

    assert events(session)[0].details == stored


CHANGES = [
    "UPDATE audit_log SET event = 'x'",
    "DELETE FROM audit_log",
    "TRUNCATE audit_log",
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("days", [0, 29])
def test_what_is_written_stays(session: Session, change: str, days: int) -> None:
    """Also where the setting says otherwise: it cannot go below thirty days."""
    write(session, days=days)
    keep(session, days=1)

    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(change))

    assert "login.succeeded" in kinds(session)


def test_what_is_old_cannot_be_changed_either(session: Session) -> None:
    write(session, days=1000)

    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(CHANGES[0]))


@pytest.mark.parametrize(
    ("setting", "forgotten"), [(365, 1), (100, 2), (1, 3), (0, 3), ("x", 1), (1e9, 0), (None, 1)]
)
def test_forgets_what_is_older_than_the_setting_says(
    session: Session, setting: object, forgotten: int
) -> None:
    keep(session, days=setting)
    before = len(events(session))
    for days in (0, 29, 31, 101, 366):
        write(session, days=days)

    assert audit.forget_old(session, limit=10) == forgotten
    assert audit.forget_old(session, limit=10) == 0
    assert len(events(session)) == before + 5 - forgotten


def test_forgets_a_bounded_number_the_oldest_first(session: Session) -> None:
    for days in (400, 500, 600):
        write(session, days=days)

    assert [audit.forget_old(session, limit=2) for _ in range(3)] == [2, 1, 0]


def write(session: Session, *, days: int) -> None:
    moment = clock.now() - timedelta(days=days)
    session.execute(insert(AuditEvent).values(event="login.succeeded", occurred_at=moment))


def keep(session: Session, *, days: object) -> None:
    key = SystemSetting.key == "audit.retention_days"
    session.execute(update(SystemSetting).where(key).values(value=days))


def test_administrators_read_it_newest_first(
    session: Session, user: User, as_admin: Client, anonymous: Client
) -> None:
    anonymous.post("/api/auth/login", CREDENTIALS)
    as_admin.put(f"{USERS}/{user.id}", {"role": "moderator"})

    reply = as_admin.get(AUDIT)

    newest, oldest = reply.json()
    assert reply.headers["x-total-count"] == "2"
    assert (newest["event"], newest["user"], newest["actor"]) == ("role.changed", "ada", "root2")
    assert (oldest["event"], oldest["user"], oldest["actor"]) == ("login.succeeded", "ada", None)
    assert oldest["sourceIp"] == SOURCE_IP


def test_events_outlive_their_account(session: Session, user: User, as_admin: Client) -> None:
    as_admin.delete(f"{USERS}/{user.id}?erase=true")
    assert erase_due(transaction) == 1

    shown = as_admin.get(f"{AUDIT}?userId={user.id}").json()

    assert [(one["event"], one["user"]) for one in shown] == [
        ("account.erased", None),
        ("account.deleted", None),
    ]


def test_finds_events(session: Session, as_admin: Client) -> None:
    ada, boss = make_user(session), make_user(session, "boss2", Role.ADMIN)
    audit.record(session, "login.succeeded", user_id=ada.id, source_ip="198.51.100.7")
    audit.record(session, "role.changed", user_id=ada.id, actor_id=boss.id)
    audit.record(session, "login.succeeded", user_id=boss.id)
    past, future = ((clock.now() + timedelta(days=d)).isoformat()[:19] + "Z" for d in (-1, 1))

    expected = {
        "event=login.succeeded": 2,
        f"userId={ada.id}": 2,
        f"actorId={boss.id}": 1,
        "sourceIp=198.51.100.7": 1,
        f"since={past}": 3,
        f"since={future}": 0,
        f"until={past}": 0,
        f"until={future}&event=login.succeeded&userId={boss.id}": 1,
        "event=nothing": 0,
    }
    for query, number in expected.items():
        reply = as_admin.get(f"{AUDIT}?{query}")
        assert len(reply.json()) == int(reply.headers["x-total-count"]) == number, query


def test_pages_show_each_event_once(session: Session, as_admin: Client) -> None:
    for number in range(5):
        audit.record(session, f"e{number}", user_id=None)

    by_cursor, path = [], f"{AUDIT}?limit=2"
    while path:
        reply = as_admin.get(path)
        by_cursor += [one["event"] for one in reply.json()]
        path = next_link(reply)

    by_number = [
        one["event"]
        for page in (1, 2, 3)
        for one in as_admin.get(f"{AUDIT}?limit=2&page={page}").json()
    ]
    assert by_cursor == by_number == ["e4", "e3", "e2", "e1", "e0"]


@pytest.mark.parametrize("cursor", ["x", "0", "-1", "99999999999999999999", "1.5"])
def test_refuses_a_made_up_cursor(as_admin: Client, cursor: str) -> None:
    assert as_admin.get(f"{AUDIT}?cursor={cursor}").status == 400


def test_times_need_a_zone(as_admin: Client) -> None:
    assert as_admin.get(f"{AUDIT}?since=2026-01-01T00:00:00").status == 422
