"""Guessing gets slower with each failure, for an account and for an address
(docs/decisions/lockout.md)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.auth import throttle_repository as repository
from djamms.config import config
from djamms.errors import TooManyRequests
from djamms.security.derived import keyed_hash
from djamms.security.network import network_of

FREE_FAILURES = 5
# Behind one address may sit a whole venue.
FREE_FAILURES_OF_ADDRESS = 20
LONGEST = timedelta(minutes=15)
QUIET = timedelta(hours=24)
QUIET_OF_ADDRESS = timedelta(hours=1)
ADDRESS_KNOWN = timedelta(days=90)
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Attempt:
    """`key` is counted already; `address_key` is None where the address is the person's own."""

    key: str
    address_key: str | None
    address_hash: str


def begin(database: Database, *, login: str, user_id: UUID | None, address: str | None) -> Attempt:
    """Counts the attempt as failed until it succeeds. Raises TooManyRequests, for accounts that
    exist and for those that do not alike."""
    now, network = clock.now(), network_of(address)
    address_hash, address_key = _hash("known", network), _hash("address", network)
    known = repository.is_known_address(
        database, user_id or NOBODY, address_hash, since=now - ADDRESS_KNOWN
    )
    if known:
        key = _hash("account at address", f"{user_id} {network}")
    else:
        key = account_key(login)
        _refuse_while_blocked(database, address_key, now)
    _count(database, key, now)
    return Attempt(key, None if known else address_key, address_hash)


def check_password_attempt(database: Database, user_id: UUID) -> str:
    """For whoever is signed in and says the password again. Raises TooManyRequests."""
    key = _hash("signed in", str(user_id))
    _count(database, key, clock.now())
    return key


def failed(database: Database, attempt: Attempt) -> None:
    if attempt.address_key:
        repository.add_failure(
            database,
            attempt.address_key,
            now=clock.now(),
            free=FREE_FAILURES_OF_ADDRESS,
            longest=LONGEST,
            quiet=QUIET_OF_ADDRESS,
        )


def succeeded(database: Database, attempt: Attempt, user_id: UUID) -> None:
    """The address's own failures stay: else an account of one's own would wipe them out."""
    repository.forget_failures(database, attempt.key)
    repository.remember_address(database, user_id, attempt.address_hash, now=clock.now())


def forgive(database: Database, *logins: str, user_id: UUID, address: str | None) -> None:
    """After a proof other than the password: the account's failures are forgotten, and the
    address counts as the person's own from now on."""
    network = network_of(address)
    own = _hash("account at address", f"{user_id} {network}")
    keys = (account_key(login) for login in logins)
    repository.forget_failures(database, own, _hash("signed in", str(user_id)), *keys)
    remember(database, user_id=user_id, address=address)


def remember(database: Database, *, user_id: UUID, address: str | None) -> None:
    """The address counts as the person's own."""
    address_hash = _hash("known", network_of(address))
    repository.remember_address(database, user_id, address_hash, now=clock.now())


def forget(database: Database, key: str) -> None:
    repository.forget_failures(database, key)


def account_key(login: str) -> str:
    """By what was typed: two names that share a count would show that they are one account."""
    return _hash("account", login.lower())


def _count(database: Database, key: str, now: datetime) -> None:
    counted = repository.add_failure(
        database, key, now=now, free=FREE_FAILURES, longest=LONGEST, quiet=QUIET
    )
    if not counted:
        _refuse_while_blocked(database, key, now)


def _refuse_while_blocked(database: Database, key: str, now: datetime) -> None:
    if until := repository.blocked_until(database, key, now=now):
        seconds = max(1, ceil((until - now).total_seconds()))
        raise TooManyRequests(
            f"Too many failed attempts. Try again in {seconds} seconds.",
            headers={"Retry-After": str(seconds)},
        )


def _hash(kind: str, text: str) -> str:
    return keyed_hash(config.jwt_secret, "throttle", f"{kind} {text}")
