"""A new signing key signs nobody out."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from djamms import clock
from djamms.config import KEY_KEPT_SECONDS, ConfigError, config
from djamms.models.user import User
from djamms.parsers import former_keys, signing_key
from djamms.security.streams import StreamSigner, window_end
from djamms.security.tokens import key_id, key_id_of
from tests.support.api import Client
from tests.support.factories import PASSWORD, make_track
from tests.support.store import FakeStore

OLD = "the-key-of-the-beginning-which-is-long-enough"
NEW = "the-key-that-comes-after-it-and-is-long-enough"
LOGIN, REFRESH, USER = "/api/auth/login", "/api/auth/refresh", "/api/auth/user"


class Keys:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def are(self, current: str, *previous: str) -> None:
        self._monkeypatch.setenv("JWT_SECRET", current)
        self._monkeypatch.setenv("JWT_PREVIOUS_SECRETS", ",".join(previous))
        forget()


def forget() -> None:
    """As a process does after some minutes."""
    for name in [name for name in vars(config) if name.startswith("kept ")]:
        del vars(config)[name]


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keys]:
    keys = Keys(monkeypatch)
    keys.are(OLD)
    yield keys
    forget()


def sign_in(client: Client) -> dict[str, str]:
    reply = client.post(LOGIN, {"login": "ada", "password": PASSWORD})
    assert reply.status == 200
    tokens: dict[str, str] = reply.json()
    return tokens


def test_who_is_signed_in_stays_so(keys: Keys, anonymous: Client, user: User) -> None:
    before = sign_in(anonymous)

    keys.are(NEW, OLD)

    assert anonymous.as_(before["token"]).get(USER).status == 200
    renewed = anonymous.post(REFRESH, {"refreshToken": before["refreshToken"]})
    assert renewed.status == 200
    keys.are(NEW)
    assert anonymous.as_(renewed.json()["token"]).get(USER).status == 200
    again = {"refreshToken": renewed.json()["refreshToken"]}
    assert anonymous.post(REFRESH, again).status == 200


def test_new_tokens_name_the_new_key(keys: Keys, anonymous: Client, user: User) -> None:
    keys.are(NEW, OLD)

    assert key_id_of(sign_in(anonymous)["token"]) == key_id(NEW)


def test_the_next_key_is_known_before_it_signs(keys: Keys, anonymous: Client, user: User) -> None:
    keys.are(NEW, OLD)
    early = sign_in(anonymous)

    keys.are(OLD, NEW)

    assert anonymous.as_(early["token"]).get(USER).status == 200


def test_a_key_that_is_gone_signs_out(keys: Keys, anonymous: Client, user: User) -> None:
    before = sign_in(anonymous)

    keys.are(NEW)

    assert anonymous.as_(before["token"]).get(USER).status == 401
    assert anonymous.post(REFRESH, {"refreshToken": before["refreshToken"]}).status == 401


def test_refreshing_twice_at_once_gives_the_same_across_the_change(
    keys: Keys, anonymous: Client, user: User
) -> None:
    first = {"refreshToken": sign_in(anonymous)["refreshToken"]}
    second = anonymous.post(REFRESH, first).json()["refreshToken"]

    keys.are(NEW, OLD)

    assert anonymous.post(REFRESH, first).json()["refreshToken"] == second
    assert anonymous.post(REFRESH, {"refreshToken": second}).status == 200


def test_a_token_used_too_late_still_ends_its_session(
    keys: Keys, anonymous: Client, user: User
) -> None:
    first = {"refreshToken": sign_in(anonymous)["refreshToken"]}
    second = anonymous.post(REFRESH, first).json()
    keys.are(NEW, OLD)
    late = clock.now() + timedelta(minutes=1)

    clock.set_clock(lambda: late)
    try:
        reply = anonymous.post(REFRESH, first)
    finally:
        clock.set_clock(None)

    assert reply.status == 401
    assert anonymous.as_(second["token"]).get(USER).status == 401


def test_stream_addresses_stay_good(
    session: Session, keys: Keys, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("djamms.storage.store.media_store", FakeStore)
    track = make_track(session, is_public=False)
    token = StreamSigner(OLD).token(track.id, window_end(clock.now()))
    path = f"/api/music/tracks/{track.id}/stream?token={token}"

    keys.are(NEW, OLD)
    assert anonymous.get(path).status == 302
    keys.are(NEW)
    assert anonymous.get(path).status != 302


def test_a_secret_may_be_a_bare_key_or_name_its_predecessors() -> None:
    both = json.dumps({"current": NEW, "previous": [OLD]})

    assert (signing_key(OLD), former_keys("")) == (OLD, ())
    assert (signing_key(both), former_keys(both)) == (NEW, (OLD,))
    assert former_keys(f"{OLD}, {NEW}") == (OLD, NEW)


@pytest.mark.parametrize(
    "secret", ['{"previous": []}', '{"current": "short"}', '{"current": 1}', "{", '{"current": {}}']
)
def test_a_malformed_secret_is_refused(
    secret: str, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JWT_SECRET", secret)
    forget()

    with pytest.raises(ConfigError, match="JWT_SECRET is malformed"):
        _ = config.jwt_secret


def test_a_process_reads_its_keys_anew_after_a_while(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert config.jwt_secret == OLD
    monkeypatch.setenv("JWT_SECRET", NEW)
    assert config.jwt_secret == OLD

    later = time.monotonic() + KEY_KEPT_SECONDS + 1
    monkeypatch.setattr("djamms.config.time.monotonic", lambda: later)

    assert config.jwt_secret == NEW
