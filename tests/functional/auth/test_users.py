"""Accounts, as administrators see and change them."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from djamms.models.user import Role, User
from tests.support.api import Client, next_link
from tests.support.factories import (
    PASSWORD,
    add_sign_in,
    make_playlist,
    make_track,
    make_user,
    sign_in,
)

USERS = "/api/auth/users"
NOBODYS = f"{USERS}/00000000-0000-0000-0000-000000000000"


def names(client: Client, query: str = "") -> list[str]:
    return [one["username"] for one in client.get(f"{USERS}{query}").json()]


def test_lists_all_accounts_by_user_name(session: Session, as_admin: Client) -> None:
    for name in ("Zoe", "ben", "Carl"):
        make_user(session, name, is_active=name != "ben")

    reply = as_admin.get(USERS)

    assert names(as_admin) == ["ben", "Carl", "root", "root2", "Zoe"]
    assert reply.headers["x-total-count"] == "5"
    assert not [one for one in reply.json() if "password" in str(one).lower()]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ZO", ["zoe"]),
        ("q=francois", ["frank"]),
        ("q=carl@example", ["carl"]),
        ("q=%25", []),
        ("q=_", []),
        ("role=moderator", ["carl"]),
        ("active=false", ["zoe"]),
        ("role=user&active=true", ["frank"]),
        ("q=nobody", []),
    ],
)
def test_finds_accounts(session: Session, as_admin: Client, query: str, found: list[str]) -> None:
    make_user(session, "zoe", is_active=False)
    make_user(session, "carl", Role.MODERATOR)
    make_user(session, "frank", name="François Dupont")

    assert names(as_admin, f"?{query}") == found
    assert as_admin.get(f"{USERS}?{query}").headers["x-total-count"] == str(len(found))


def test_pages_by_number_and_by_cursor_show_each_account_once(
    session: Session, as_admin: Client
) -> None:
    for number in range(5):
        make_user(session, f"User{number}")
    by_number = [name for page in range(1, 5) for name in names(as_admin, f"?limit=2&page={page}")]

    by_cursor, path = [], f"{USERS}?limit=2"
    while path:
        reply = as_admin.get(path.removeprefix("http://localhost:3001"))
        by_cursor += [one["username"] for one in reply.json()]
        path = next_link(reply)

    assert by_number == by_cursor == [*("root", "root2"), *(f"User{n}" for n in range(5))]


@pytest.mark.parametrize("cursor", ["x", "W10", "WzFd", "WyJhXHUwMDAwIl0"])
def test_refuses_a_made_up_cursor(as_admin: Client, cursor: str) -> None:
    assert as_admin.get(f"{USERS}?cursor={cursor}").status == 400


def test_shows_what_hangs_on_an_account(session: Session, user: User, as_admin: Client) -> None:
    add_sign_in(session, user)
    make_playlist(session, user.id, is_public=True)
    make_playlist(session, user.id)
    make_playlist(session, user.id, is_active=False)
    make_track(session, uploaded_by=user.id)

    shown = as_admin.get(f"{USERS}/{user.id}").json()

    assert (shown["username"], shown["role"], shown["isActive"]) == ("ada", "user", True)
    assert [shown[name] for name in ("sessions", "playlists", "publicPlaylists", "uploads")] == [
        *(1, 2, 1, 1)
    ]


def test_an_account_that_is_not_there(as_admin: Client) -> None:
    replies = [
        as_admin.get(NOBODYS),
        as_admin.put(NOBODYS, {"role": "user"}),
        as_admin.put(NOBODYS, {"isActive": True}),
        as_admin.post(f"{NOBODYS}/revoke-sessions"),
        as_admin.delete(NOBODYS),
    ]

    assert [reply.status for reply in replies] == [404] * 5


def test_a_new_role_counts_at_once(user: User, as_user: Client, as_admin: Client) -> None:
    assert as_user.get(USERS).status == 403

    changed = as_admin.put(f"{USERS}/{user.id}", {"role": "admin"})

    assert (changed.status, changed.json()["role"]) == (200, "admin")
    assert as_user.get(USERS).status == 200
    as_admin.put(f"{USERS}/{user.id}", {"role": "guest"})
    assert as_user.get(USERS).status == 403


def test_deactivation_signs_out_and_reactivation_does_not_sign_in(
    user: User, as_user: Client, as_admin: Client, anonymous: Client
) -> None:
    credentials = {"login": "ada", "password": PASSWORD}
    as_admin.put(f"{USERS}/{user.id}", {"isActive": False})

    assert as_user.get("/api/auth/user").status == 401
    assert anonymous.post("/api/auth/login", credentials).status == 401

    as_admin.put(f"{USERS}/{user.id}", {"isActive": True})
    assert as_user.get("/api/auth/user").status == 401
    assert anonymous.post("/api/auth/login", credentials).status == 200


def test_only_what_is_given_changes(user: User, as_admin: Client) -> None:
    path = f"{USERS}/{user.id}"

    assert as_admin.put(path, {"name": "Ada L."}).json()["name"] == "Ada L."
    assert as_admin.put(path, {"role": "moderator"}).json()["name"] == "Ada L."
    cleared = as_admin.put(path, {"name": None}).json()

    assert (cleared["name"], cleared["role"], cleared["isActive"]) == ("ada", "moderator", True)


@pytest.mark.parametrize(
    "changes", [{"role": None}, {"isActive": None}, {"role": "king"}, {"password": "x" * 12}]
)
def test_refuses_what_makes_no_account(
    user: User, as_admin: Client, changes: dict[str, Any]
) -> None:
    assert as_admin.put(f"{USERS}/{user.id}", changes).status == 422


def test_ends_the_sessions_of_an_account(user: User, as_user: Client, as_admin: Client) -> None:
    reply = as_admin.post(f"{USERS}/{user.id}/revoke-sessions")

    assert (reply.status, reply.json()) == (200, {"revoked": 1})
    assert as_user.get("/api/auth/user").status == 401
    assert as_admin.get(USERS).status == 200


LOSSES = [
    ("PUT", "", {"role": "user"}),
    ("PUT", "", {"isActive": False}),
    ("PUT", "", {"role": "guest", "isActive": False}),
    ("DELETE", "", None),
    ("DELETE", "?erase=true", None),
]


@pytest.mark.parametrize(("method", "query", "body"), LOSSES)
def test_the_last_administrator_stays(
    session: Session, method: str, query: str, body: dict[str, Any] | None
) -> None:
    session.execute(update(User).where(User.username == "root").values(is_active=False))
    boss = make_user(session, "boss", Role.ADMIN)
    client = Client().as_(sign_in(session, boss))

    reply = client.send(method, f"{USERS}/{boss.id}{query}", body=body)

    assert (reply.status, reply.json()["error"]) == (409, "conflict")
    shown = client.get(f"{USERS}/{boss.id}").json()
    assert (shown["role"], shown["isActive"], shown["deletedAt"]) == ("admin", True, None)


@pytest.mark.parametrize(("method", "query", "body"), LOSSES)
def test_any_other_administrator_may_go(
    session: Session, method: str, query: str, body: dict[str, Any] | None
) -> None:
    boss = make_user(session, "boss", Role.ADMIN)
    client = Client().as_(sign_in(session, boss))

    assert client.send(method, f"{USERS}/{boss.id}{query}", body=body).status == 200

    assert client.get(USERS).status in {401, 403}


def test_the_last_administrator_may_change_otherwise(session: Session) -> None:
    session.execute(update(User).where(User.username == "root").values(is_active=False))
    boss = make_user(session, "boss", Role.ADMIN)
    client = Client().as_(sign_in(session, boss))

    same = {"role": "admin", "isActive": True, "name": "The boss"}
    assert client.put(f"{USERS}/{boss.id}", same).status == 200
    assert client.put(f"{USERS}/{make_user(session).id}", {"isActive": False}).status == 200


def test_a_misspelt_wish_deletes_nobody(session: Session, as_admin: Client) -> None:
    user, heir = make_user(session, "leaver"), make_user(session, "heir")

    reply = as_admin.send("DELETE", f"{USERS}/{user.id}?transfer_to={heir.id}")

    assert (reply.status, reply.json()["details"][0]["field"]) == (422, "transfer_to")
    assert as_admin.get(f"{USERS}/{user.id}").json()["deletedAt"] is None
