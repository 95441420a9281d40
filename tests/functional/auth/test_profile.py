"""What people change of their own account."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from djamms.auth.profile import MOST_PREFERENCES
from djamms.auth.throttle import FREE_FAILURES
from djamms.models.user import User
from tests.support.api import Client
from tests.support.factories import PASSWORD, make_user, sign_in

NEW = "four green kettles"
PATH = "/api/auth/user"


def test_changes_only_what_is_sent(as_user: Client) -> None:
    before = as_user.get(PATH).json()

    reply = as_user.put(PATH, {"name": "Ada L.", "username": "Ada.L"})

    assert reply.status == 200
    assert reply.json() == before | {"name": "Ada L.", "username": "Ada.L"}
    assert as_user.get(PATH).json() == reply.json()


def test_null_takes_the_name_away_and_leaves_the_rest(as_user: Client) -> None:
    as_user.put(PATH, {"name": "Ada L."})

    reply = as_user.put(PATH, {"name": None, "username": None, "email": None})

    assert reply.json()["name"] == reply.json()["username"] == "ada"


def test_preferences_are_merged_and_null_takes_one_away(as_user: Client) -> None:
    as_user.put(PATH, {"preferences": {"theme": "dark", "volume": 3}})

    reply = as_user.put(PATH, {"preferences": {"volume": None, "crossfade": 4}})

    assert reply.json()["preferences"] == {"theme": "dark", "crossfade": 4}


def test_preferences_have_a_bound(as_user: Client) -> None:
    half = "x" * (MOST_PREFERENCES // 2)
    assert as_user.put(PATH, {"preferences": {"a": half}}).status == 200

    reply = as_user.put(PATH, {"preferences": {"b": half}})

    assert reply.status == 422
    assert reply.json()["details"][0]["field"] == "preferences"


def test_preferences_are_not_nested_without_end(as_user: Client) -> None:
    def nested(depth: int) -> dict[str, Any]:
        value: Any = 1
        for _ in range(depth):
            value = [value]
        return {"preferences": {"a": value}}

    assert as_user.put(PATH, nested(15)).status == 200
    for depth in (30, 400, 900):
        reply = as_user.put(PATH, nested(depth))
        assert (reply.status, reply.json()["details"][0]["field"]) == (422, "preferences")


@pytest.mark.parametrize("name", ["a\n\nCall 555", "a\u202eb", "a\x1b[31mb", "a\u2028b"])
def test_a_name_is_one_line_of_visible_text(as_user: Client, name: str) -> None:
    assert as_user.put(PATH, {"name": name}).status == 422


ADDRESSES = ["a\x1bb@example.test", "a\u202eb@example.test", "<a@example.test", "a,b@example.test"]
ADDRESSES += [
    "..@example.test",
    ".a@example.test",
    "a@example..test",
    'a"b@example.test',
    "a@b@c.d",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_one_that_mail_servers_take(as_user: Client, address: str) -> None:
    reply = as_user.put(PATH, {"email": address, "currentPassword": PASSWORD})

    assert (reply.status, reply.json()["details"][0]["field"]) == (422, "email")


@pytest.mark.parametrize("change", [{"email": "new@example.test"}, {"password": NEW}])
def test_address_and_password_need_the_current_password(
    as_user: Client, change: dict[str, Any]
) -> None:
    missing = as_user.put(PATH, change)
    wrong = as_user.put(PATH, change | {"currentPassword": "wrong"})
    right = as_user.put(PATH, change | {"currentPassword": PASSWORD})

    assert (missing.status, missing.json()["details"][0]["field"]) == (422, "currentPassword")
    assert (wrong.status, wrong.json()["error"]) == (403, "wrong_password")
    assert right.status == 200


def test_a_new_password_ends_all_other_sessions(
    session: Session, user: User, as_user: Client, anonymous: Client
) -> None:
    elsewhere = anonymous.as_(sign_in(session, user))
    other_person = anonymous.as_(sign_in(session, make_user(session, "grace")))

    as_user.put(PATH, {"password": NEW, "currentPassword": PASSWORD})

    assert as_user.get(PATH).status == 200
    assert elsewhere.get(PATH).status == 401
    assert other_person.get(PATH).status == 200
    old, new = ({"login": "ada", "password": one} for one in (PASSWORD, NEW))
    assert anonymous.post("/api/auth/login", old).status == 401
    assert anonymous.post("/api/auth/login", new).status == 200


def test_a_wrong_current_password_changes_nothing(as_user: Client, anonymous: Client) -> None:
    words = {"password": NEW, "name": "Other", "currentPassword": "wrong"}

    as_user.put(PATH, words)

    assert as_user.get(PATH).json()["name"] == "ada"
    login = {"login": "ada", "password": PASSWORD}
    assert anonymous.post("/api/auth/login", login).status == 200


def test_guessing_the_current_password_gets_slow(as_user: Client) -> None:
    words = {"password": NEW, "currentPassword": "wrong"}

    statuses = [as_user.put(PATH, words).status for _ in range(FREE_FAILURES + 1)]

    assert statuses == [403] * FREE_FAILURES + [429]


@pytest.mark.parametrize("change", [{"username": "GRACE"}, {"email": "Grace@example.test"}])
def test_a_name_of_somebody_else_is_refused(
    session: Session, as_user: Client, change: dict[str, str]
) -> None:
    make_user(session, "grace")
    word = "user name" if "username" in change else "e-mail address"

    reply = as_user.put(PATH, change | {"name": "x", "currentPassword": PASSWORD})

    assert (reply.status, reply.json()["message"]) == (409, f"This {word} is taken.")
    assert as_user.get(PATH).json()["name"] == "ada"


def test_ones_own_name_in_another_case_is_free(as_user: Client) -> None:
    reply = as_user.put(PATH, {"username": "ADA", "email": "ADA@example.test"})

    assert (reply.status, reply.json()["username"]) == (200, "ADA")


@pytest.mark.parametrize(
    "password",
    ["short", "x" * 129, "password123", "PassWord1", "Qwertyuiop", "iloveyou!", "ada@example.test"],
)
def test_a_password_that_everybody_tries_first_is_refused(as_user: Client, password: str) -> None:
    reply = as_user.put(PATH, {"password": password, "currentPassword": PASSWORD})

    assert reply.status == 422
    assert reply.json()["details"][0]["field"] == "password"


def test_registration_has_the_same_rules(anonymous: Client) -> None:
    words = {"username": "newcomer", "email": "n@example.test", "password": "sunshine1"}

    assert anonymous.post("/api/auth/register", words).status == 422
    assert anonymous.post("/api/auth/register", words | {"password": "newcomer"}).status == 422
    assert anonymous.post("/api/auth/register", words | {"password": NEW}).status == 201


@pytest.mark.parametrize("field", ["role", "isActive", "id", "permissions"])
def test_nobody_gives_themselves_more_rights(as_user: Client, field: str) -> None:
    assert as_user.put(PATH, {field: "admin"}).status == 422
    assert as_user.get(PATH).json()["role"] == "user"
