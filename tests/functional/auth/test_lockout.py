"""Guessing gets slow; the owner of an account does not pay for it."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy.orm import Session

from djamms import clock
from djamms.auth.throttle import (
    FREE_FAILURES,
    FREE_FAILURES_OF_ADDRESS,
    LONGEST,
    QUIET,
)
from djamms.models.user import User
from djamms.security.network import network_of
from tests.support.api import Reply, api_event, invoke
from tests.support.factories import PASSWORD, make_user

HOME, CAFE, AWAY = "192.0.2.1", "192.0.2.50", "198.51.100.7"
WRONG = "not the password"


class Time:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime.fromisoformat("2026-03-01T12:00:00+00:00")

    def pass_by(self, passed: timedelta | float) -> None:
        self.now += passed if isinstance(passed, timedelta) else timedelta(seconds=passed)


@pytest.fixture
def time() -> Iterator[Time]:
    time = Time()
    clock.set_clock(lambda: time.now)
    yield time
    clock.set_clock(None)


def login(name: str, password: str, address: str = AWAY) -> Reply:
    event: dict[str, Any] = api_event(
        "POST",
        "/api/auth/login",
        headers={"Content-Type": "application/json"},
        body={"login": name, "password": password},
    )
    event["requestContext"]["identity"]["sourceIp"] = address
    return invoke(event)


def fail(name: str, times: int, address: str = AWAY) -> list[int]:
    return [login(name, WRONG, address).status for _ in range(times)]


@pytest.mark.parametrize("name", ["ada", "ADA@example.test", "nobody"])
def test_each_failure_doubles_the_time_to_wait(
    session: Session, time: Time, user: User, name: str
) -> None:
    assert fail(name, FREE_FAILURES) == [401] * FREE_FAILURES
    waits = []
    for _ in range(12):
        blocked = login(name, WRONG)
        assert (blocked.status, blocked.json()["error"]) == (429, "rate_limited")
        waits.append(int(blocked.headers["retry-after"]))
        time.pass_by(waits[-1])
        assert login(name, WRONG).status == 401

    longest = int(LONGEST.total_seconds())
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, longest, longest]


def test_known_and_unknown_accounts_are_answered_alike(
    session: Session, time: Time, user: User
) -> None:
    known, unknown = (
        [login(name, WRONG) for _ in range(FREE_FAILURES + 2)] for name in ("ada", "nobody")
    )

    def told(reply: Reply) -> tuple[int, str, str | None]:
        body = json.loads(reply.text)
        return reply.status, body["message"], reply.headers.get("retry-after")

    assert [told(reply) for reply in known] == [told(reply) for reply in unknown]


def test_while_blocked_even_the_right_password_is_not_looked_at(
    session: Session, time: Time, user: User
) -> None:
    fail("ada", FREE_FAILURES)

    assert login("ada", PASSWORD).status == 429
    time.pass_by(1)
    assert login("ada", PASSWORD).status == 200


def test_success_wipes_the_failures_out(session: Session, time: Time, user: User) -> None:
    fail("ada", FREE_FAILURES - 1)
    login("ada", PASSWORD)

    assert fail("ada", FREE_FAILURES) == [401] * FREE_FAILURES


def test_a_quiet_day_wipes_the_failures_out(session: Session, time: Time, user: User) -> None:
    fail("ada", FREE_FAILURES)
    time.pass_by(QUIET + timedelta(seconds=1))

    assert fail("ada", FREE_FAILURES) == [401] * FREE_FAILURES


def test_an_attacker_cannot_lock_the_owner_out(session: Session, time: Time, user: User) -> None:
    assert login("ada", PASSWORD, HOME).status == 200

    for _ in range(20):
        fail("ada", 1)
        fail("ada@example.test", 1)
        time.pass_by(60)
        assert login("ada", PASSWORD, HOME).status == 200

    fail("ada", 1)
    assert login("ada", PASSWORD, CAFE).status == 429


def test_where_one_registered_one_is_known(session: Session, time: Time) -> None:
    event: dict[str, Any] = api_event(
        "POST",
        "/api/auth/register",
        headers={"Content-Type": "application/json"},
        body={"username": "newcomer", "email": "n@example.test", "password": "four kettles"},
    )
    event["requestContext"]["identity"]["sourceIp"] = HOME
    assert invoke(event).status == 201

    fail("newcomer", FREE_FAILURES + 1)

    assert login("newcomer", "four kettles", HOME).status == 200


def test_a_known_address_has_a_count_of_its_own(session: Session, time: Time, user: User) -> None:
    login("ada", PASSWORD, HOME)

    assert fail("ada", FREE_FAILURES + 1, HOME) == [401] * FREE_FAILURES + [429]
    assert login("ada", PASSWORD, AWAY).status == 200


def test_one_address_gets_slow_for_all_names(session: Session, time: Time, user: User) -> None:
    names = [f"name-{number}" for number in range(FREE_FAILURES_OF_ADDRESS)]

    assert {fail(name, 1)[0] for name in names} == {401}
    assert login("another", WRONG).status == 429
    assert login("another", WRONG, CAFE).status == 401


def test_an_account_of_ones_own_does_not_buy_more_guesses(
    session: Session, time: Time, user: User
) -> None:
    make_user(session, "mallory")
    statuses = []
    for number in range(FREE_FAILURES_OF_ADDRESS):
        statuses += fail(f"name-{number}", 1)
        login("mallory", PASSWORD)

    assert statuses == [401] * FREE_FAILURES_OF_ADDRESS
    assert login("another", WRONG).status == 429


def test_who_has_signed_in_here_is_not_held_up_by_others_at_the_same_address(
    session: Session, time: Time, user: User
) -> None:
    login("ada", PASSWORD, HOME)
    for number in range(FREE_FAILURES_OF_ADDRESS):
        fail(f"name-{number}", 1, HOME)

    assert login("another", WRONG, HOME).status == 429
    assert login("ada", PASSWORD, HOME).status == 200


def test_an_ipv6_customer_is_one_address() -> None:
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of(None) == network_of("nonsense") == "unknown"


def test_an_unknown_account_takes_as_long_as_a_wrong_password(session: Session) -> None:
    """Medians of interleaved attempts; each on an account of its own, so that none is blocked."""
    known: list[float] = []
    unknown: list[float] = []
    for number in range(15):
        make_user(session, f"person{number}")
        for name, times in ((f"person{number}", known), (f"absent{number}", unknown)):
            began = perf_counter()
            assert login(name, WRONG, f"192.0.2.{number}").status == 401
            times.append(perf_counter() - began)

    assert 0.7 < median(known) / median(unknown) < 1.4
