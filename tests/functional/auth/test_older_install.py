"""Accounts that come with bcrypt hashes."""

from statistics import median
from time import perf_counter

import bcrypt
import pytest
from sqlalchemy.orm import Session

from djamms.config import config
from djamms.models.user import User
from djamms.security.passwords import hash_password, needs_rehash, verify_password
from tests.support.api import Client
from tests.support.factories import make_user

WORDS = "an older password"
LOGIN = "/api/auth/login"


def bcrypt_hash(password: str, prefix: str = "2b", rounds: int = 4) -> str:
    made = bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(rounds)).decode()
    return made.replace("$2b$", f"${prefix}$", 1)


@pytest.mark.parametrize("prefix", ["2a", "2b", "2y"])
def test_a_bcrypt_hash_is_taken_and_replaced(
    session: Session, anonymous: Client, prefix: str
) -> None:
    user = make_user(session, "old", password_hash=bcrypt_hash(WORDS, prefix))

    assert anonymous.post(LOGIN, {"login": "old", "password": "wrong"}).status == 401
    assert anonymous.post(LOGIN, {"login": "old", "password": WORDS}).status == 200

    session.refresh(user)
    assert user.password_hash.startswith("$argon2id$")
    assert anonymous.post(LOGIN, {"login": "old", "password": WORDS}).status == 200


def test_a_failure_leaves_the_old_hash(session: Session, anonymous: Client) -> None:
    old = bcrypt_hash(WORDS)
    user = make_user(session, "old", password_hash=old)

    anonymous.post(LOGIN, {"login": "old", "password": "wrong"})

    session.refresh(user)
    assert user.password_hash == old


def test_a_long_password_is_cut_as_it_was_then() -> None:
    long = "x" * 80

    assert verify_password(bcrypt_hash(long), long)
    assert not verify_password(bcrypt_hash(long), "x" * 71)


@pytest.mark.parametrize("broken", ["$2b$", "$2b$04$short", "$2x$99$" + "a" * 53])
def test_a_broken_hash_fits_no_password(broken: str) -> None:
    assert not verify_password(broken, WORDS)


def test_an_argon_hash_with_these_parameters_stays() -> None:
    assert not needs_rehash(hash_password(WORDS))


def test_time_does_not_tell_who_came_with_the_older_install(
    session: Session, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = 8
    monkeypatch.setitem(vars(config), "bcrypt_rounds", rounds)
    kinds: dict[str, list[float]] = {"old": [], "new": [], "absent": []}
    old = bcrypt_hash(WORDS, rounds=rounds)
    monkeypatch.setattr("djamms.auth.throttle.FREE_FAILURES_OF_ADDRESS", 1000)

    for number in range(9):
        make_user(session, f"old{number}", password_hash=old)
        make_user(session, f"new{number}")
        for kind, times in kinds.items():
            began = perf_counter()
            anonymous.post(LOGIN, {"login": f"{kind}{number}", "password": "wrong"})
            times.append(perf_counter() - began)

    medians = [median(times) for times in kinds.values()]
    assert max(medians) / min(medians) < 1.4


def test_new_accounts_have_argon_hashes(session: Session, anonymous: Client) -> None:
    words = {"username": "newcomer", "email": "n@example.test", "password": WORDS}
    anonymous.post("/api/auth/register", words)

    user = session.query(User).filter_by(username="newcomer").one()
    assert user.password_hash.startswith("$argon2id$")
