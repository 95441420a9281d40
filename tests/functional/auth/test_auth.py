import json
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from djamms import clock
from djamms.auth.service import REUSE_GRACE
from djamms.models.system import SystemSetting
from djamms.models.user import Role, User
from djamms.models.user import Session as SignIn
from djamms.security.repository import GUEST_ACCESS
from tests.support.api import Client, invoke
from tests.support.factories import PASSWORD, make_user, sign_in

EVENTS = Path(__file__).parents[3] / "events" / "auth"
NEW = {"username": "new.user", "email": "New@Example.test", "password": "long enough"}


def test_registers_and_signs_in_at_once(anonymous: Client) -> None:
    reply = anonymous.post("/api/auth/register", NEW)

    assert reply.status == 201
    body = reply.json()
    assert body["user"]["email"] == "new@example.test"
    assert body["user"]["role"] == "user"
    assert body["expiresIn"] == 24 * 3600
    assert anonymous.as_(body["token"]).get("/api/auth/user").json() == body["user"]


@pytest.mark.parametrize("other", [{"username": "NEW.USER"}, {"email": "NEW@example.TEST"}])
def test_refuses_a_taken_name_in_any_case(anonymous: Client, other: dict[str, str]) -> None:
    anonymous.post("/api/auth/register", NEW)
    fresh = {"username": "second", "email": "second@example.test", "password": "long enough"}

    reply = anonymous.post("/api/auth/register", fresh | other)

    assert (reply.status, reply.json()["error"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "a b"),
        ("username", "ab"),
        ("email", "nobody"),
        ("password", "short"),
        ("password", "x" * 129),
        ("role", "admin"),
    ],
)
def test_names_the_field_that_is_wrong(anonymous: Client, field: str, value: str) -> None:
    reply = anonymous.post("/api/auth/register", NEW | {field: value})

    assert reply.status == 422
    assert reply.json()["details"][0]["field"] == field


@pytest.mark.parametrize("name", ["login", "email", "username"])
@pytest.mark.parametrize("account", ["ada", "ADA@example.test"])
def test_signs_in_by_any_name(anonymous: Client, user: User, name: str, account: str) -> None:
    reply = anonymous.post("/api/auth/login", {name: account, "password": PASSWORD})

    assert reply.status == 200
    assert reply.json()["user"]["lastLogin"] is not None


def test_login_event_of_a_browser(anonymous: Client, user: User) -> None:
    event = json.loads((EVENTS / "login.json").read_text())

    reply = invoke(event)

    assert reply.status == 200
    assert reply.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert reply.headers["x-request-id"] == event["requestContext"]["requestId"]


def test_wrong_password_and_unknown_account_look_alike(anonymous: Client, user: User) -> None:
    wrong = anonymous.post("/api/auth/login", {"login": "ada", "password": "wrong"})
    unknown = anonymous.post("/api/auth/login", {"login": "nobody", "password": "wrong"})

    assert wrong.status == unknown.status == 401
    assert wrong.json()["message"] == unknown.json()["message"]


def test_refresh_rotates_the_token(anonymous: Client, user: User) -> None:
    first = anonymous.post("/api/auth/login", {"login": "ada", "password": PASSWORD}).json()

    second = anonymous.post("/api/auth/refresh", {"refreshToken": first["refreshToken"]}).json()

    assert second["refreshToken"] != first["refreshToken"]
    assert anonymous.as_(second["token"]).get("/api/auth/user").status == 200


def test_reused_refresh_token_ends_the_whole_session(anonymous: Client, user: User) -> None:
    first = anonymous.post("/api/auth/login", {"login": "ada", "password": PASSWORD}).json()
    again = {"refreshToken": first["refreshToken"]}
    second = anonymous.post("/api/auth/refresh", again).json()
    after_grace = clock.now() + REUSE_GRACE + timedelta(seconds=1)

    clock.set_clock(lambda: after_grace)
    try:
        reuse = anonymous.post("/api/auth/refresh", again)
    finally:
        clock.set_clock(None)

    assert reuse.status == 401
    assert anonymous.as_(second["token"]).get("/api/auth/user").status == 401
    newest = {"refreshToken": second["refreshToken"]}
    assert anonymous.post("/api/auth/refresh", newest).status == 401


def test_refreshing_twice_at_once_gives_both_the_same_token(anonymous: Client, user: User) -> None:
    first = anonymous.post("/api/auth/login", {"login": "ada", "password": PASSWORD}).json()
    same = {"refreshToken": first["refreshToken"]}

    second, third = (anonymous.post("/api/auth/refresh", same).json() for _ in range(2))

    assert second["refreshToken"] == third["refreshToken"] != first["refreshToken"]
    for grant in (second, third):
        assert anonymous.as_(grant["token"]).get("/api/auth/user").status == 200
    newest = {"refreshToken": second["refreshToken"]}
    assert anonymous.post("/api/auth/refresh", newest).status == 200


def test_only_the_immediate_predecessor_has_a_grace(anonymous: Client, user: User) -> None:
    first = anonymous.post("/api/auth/login", {"login": "ada", "password": PASSWORD}).json()
    token = first
    for _ in range(2):
        token = anonymous.post("/api/auth/refresh", {"refreshToken": token["refreshToken"]}).json()

    reply = anonymous.post("/api/auth/refresh", {"refreshToken": first["refreshToken"]})

    assert reply.status == 401


def test_a_repeat_does_not_lengthen_the_grace(anonymous: Client, user: User) -> None:
    first = anonymous.post("/api/auth/login", {"login": "ada", "password": PASSWORD}).json()
    again, start = {"refreshToken": first["refreshToken"]}, clock.now()
    statuses = []
    try:
        for seconds in (0, 6, 12):
            clock.set_clock(partial(start.__add__, timedelta(seconds=seconds)))
            statuses.append(anonymous.post("/api/auth/refresh", again).status)
    finally:
        clock.set_clock(None)

    assert statuses == [200, 200, 401]


def test_bearer_token_alone_renews_only_itself(as_user: Client) -> None:
    reply = as_user.post("/api/auth/refresh")

    assert reply.status == 200
    assert reply.json()["refreshToken"] is None


def test_refresh_without_any_token_is_unauthenticated(anonymous: Client) -> None:
    assert anonymous.post("/api/auth/refresh").status == 401
    assert anonymous.post("/api/auth/refresh", {"refreshToken": "nonsense"}).status == 401


def test_logout_takes_effect_at_once(as_user: Client) -> None:
    reply = as_user.post("/api/auth/logout")

    assert (reply.status, reply.json()) == (200, {"loggedOut": True})
    assert as_user.get("/api/auth/user").status == 401


def test_deactivation_takes_effect_at_once(
    session: Session, user: User, as_user: Client, anonymous: Client
) -> None:
    session.execute(update(User).where(User.id == user.id).values(is_active=False))

    assert as_user.get("/api/auth/user").status == 401
    credentials = {"login": "ada", "password": PASSWORD}
    assert anonymous.post("/api/auth/login", credentials).status == 401


def test_expired_token_is_refused_even_where_guests_may_read(
    session: Session, user: User, anonymous: Client
) -> None:
    old = sign_in(session, user, now=clock.now() - timedelta(hours=25))

    reply = anonymous.as_(old).get("/api/playlists")

    assert (reply.status, reply.json()["error"]) == (401, "invalid_token")


def test_expired_session_is_refused(session: Session, user: User, as_user: Client) -> None:
    session.execute(update(SignIn).values(expires_at=clock.now() - timedelta(seconds=1)))

    assert as_user.get("/api/auth/user").status == 401


def test_role_counts_as_it_is_now_not_as_the_token_says(session: Session, user: User) -> None:
    token = sign_in(session, make_user(session, "boss", Role.ADMIN))
    session.execute(update(User).where(User.username == "boss").values(role="user"))

    assert Client().as_(token).get("/api/settings/system").status == 403


def test_guests_can_be_turned_away(session: Session, anonymous: Client, as_user: Client) -> None:
    session.execute(
        update(SystemSetting).where(SystemSetting.key == GUEST_ACCESS).values(value=False)
    )

    assert anonymous.get("/api/playlists").status == 401
    assert anonymous.get("/health").status == 200
    assert as_user.get("/api/playlists").status == 200


def test_a_made_up_secret_ends_nobodys_session(anonymous: Client, user: User) -> None:
    first = anonymous.post("/api/auth/login", {"login": "ada", "password": PASSWORD}).json()
    session_id = first["refreshToken"].split(".")[0]

    reply = anonymous.post("/api/auth/refresh", {"refreshToken": f"{session_id}.made-up"})

    assert (reply.status, reply.json()["error"]) == (401, "invalid_token")
    assert anonymous.as_(first["token"]).get("/api/auth/user").status == 200
