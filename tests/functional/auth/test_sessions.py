"""The sessions of one's own account: looked at and ended."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from djamms import clock
from djamms.auth.devices import describe_device
from djamms.models.user import Role, User
from tests.support.api import SOURCE_IP, Client
from tests.support.factories import PASSWORD, add_sign_in, make_user, sign_in

SESSIONS = "/api/auth/sessions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NOBODYS = "00000000-0000-0000-0000-000000000000"


def test_shows_where_one_is_signed_in(anonymous: Client, user: User) -> None:
    body = {"login": "ada", "password": PASSWORD}
    sent = {"User-Agent": FIREFOX}
    token = anonymous.send("POST", "/api/auth/login", body=body, headers=sent).json()["token"]

    [one] = anonymous.as_(token).get(SESSIONS).json()

    assert (one["device"], one["userAgent"]) == ("Firefox on Linux", FIREFOX)
    assert (one["sourceIp"], one["isCurrent"]) == (SOURCE_IP, True)
    assert one["createdAt"] <= one["lastUsedAt"] < one["expiresAt"]


def test_shows_live_sessions_of_ones_own_the_last_used_first(
    session: Session, user: User, as_user: Client, as_other: Client
) -> None:
    now = clock.now()
    old, older = (now - timedelta(hours=hours) for hours in (1, 2))
    add_sign_in(session, user, revoked_at=now)
    add_sign_in(session, user, expires_at=now - timedelta(seconds=1))
    second, third = (
        add_sign_in(session, user, last_used_at=at, refreshed_at=at) for at in (old, older)
    )

    shown = as_user.get(SESSIONS).json()

    assert [one["isCurrent"] for one in shown] == [True, False, False]
    assert [one["id"] for one in shown[1:]] == [str(second.id), str(third.id)]


def test_ending_one_session_leaves_the_others(
    session: Session, user: User, as_user: Client
) -> None:
    phone = Client().as_(sign_in(session, user))
    [its_id] = [one["id"] for one in phone.get(SESSIONS).json() if one["isCurrent"]]

    reply = as_user.delete(f"{SESSIONS}/{its_id}")

    assert (reply.status, reply.json()) == (200, {"id": its_id, "deleted": True})
    assert phone.get("/api/auth/user").status == 401
    assert as_user.get("/api/auth/user").status == 200
    assert as_user.delete(f"{SESSIONS}/{its_id}").status == 404


def test_nobody_ends_the_session_of_someone_else(
    session: Session, as_user: Client, as_other: Client, as_admin: Client
) -> None:
    [its_id] = [one["id"] for one in as_user.get(SESSIONS).json()]

    assert as_other.delete(f"{SESSIONS}/{its_id}").status == 404
    assert as_admin.delete(f"{SESSIONS}/{its_id}").status == 404
    assert as_other.delete(f"{SESSIONS}/{NOBODYS}").status == 404
    assert as_user.get("/api/auth/user").status == 200


def test_ending_all_others_keeps_the_one_that_asks(
    session: Session, user: User, as_user: Client, as_other: Client
) -> None:
    others = [Client().as_(sign_in(session, user)) for _ in range(2)]

    assert as_user.delete(SESSIONS).json() == {"revoked": 2}

    assert [one.get("/api/auth/user").status for one in others] == [401, 401]
    assert as_user.get("/api/auth/user").status == 200
    assert as_other.get("/api/auth/user").status == 200
    assert as_user.delete(SESSIONS).json() == {"revoked": 0}


def test_ending_all_ends_the_one_that_asks_too(
    session: Session, user: User, as_user: Client
) -> None:
    add_sign_in(session, user)

    assert as_user.delete(f"{SESSIONS}?current=true").json() == {"revoked": 2}

    assert as_user.get("/api/auth/user").status == 401


def test_a_guest_account_has_sessions_too(session: Session) -> None:
    guest = Client().as_(sign_in(session, make_user(session, "visitor", Role.GUEST)))

    assert len(guest.get(SESSIONS).json()) == 1


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Safari/605.1.15", "Safari on macOS"),
        ("curl/8.5.0", "curl"),
        ("python-httpx/0.28", "A Python program"),
        ("<script>alert(1)</script>", "Unknown device"),
        (None, "Unknown device"),
    ],
)
def test_names_devices_as_people_do(user_agent: str | None, device: str) -> None:
    assert describe_device(user_agent) == device
