"""Requests that come again, and requests that come too often."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from djamms import clock
from djamms.api.limits import Limit, add_request, window_start
from djamms.models.playlist import Playlist
from djamms.models.request import IdempotencyKey
from djamms.models.user import User
from tests.support.api import Client, Reply
from tests.support.factories import sign_in


def create(client: Client, key: str, name: str = "Once") -> Reply:
    headers = {"Idempotency-Key": key}
    return client.send("POST", "/api/playlists", body={"name": name}, headers=headers)


def test_the_same_key_is_done_once(session: Session, as_user: Client) -> None:
    first, second = create(as_user, "k1"), create(as_user, "k1")

    assert (first.status, second.status) == (201, 201)
    assert first.json() == second.json()
    assert second.headers["location"] == first.headers["location"]
    assert second.headers["idempotency-replayed"] == "true"
    assert session.scalar(select(func.count()).where(Playlist.name == "Once")) == 1


def test_keys_belong_to_callers_and_requests(as_user: Client, as_other: Client) -> None:
    first = create(as_user, "k1").json()

    assert create(as_other, "k1").json()["id"] != first["id"]
    assert create(as_user, "k2").json()["id"] != first["id"]
    assert create(as_user, "k1", name="Other").status == 422


def test_a_failed_request_frees_its_key(as_user: Client) -> None:
    assert create(as_user, "k1", name="").status == 422
    assert create(as_user, "k1", name="Once").status == 201


def test_a_key_is_forgotten_after_a_day(
    session: Session, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = clock.now()

    def create_later(**later: int) -> Reply:
        monkeypatch.setattr(clock, "_now", lambda: begin + timedelta(**later))
        return create(Client().as_(sign_in(session, user)), "k1")

    first = create_later(hours=0).json()

    assert create_later(hours=23, minutes=59).json() == first
    assert create_later(hours=24, minutes=1).json()["id"] != first["id"]


@pytest.mark.parametrize("key", ["", "k" * 101])
def test_refuses_a_key_without_measure(as_user: Client, key: str) -> None:
    assert create(as_user, key).status == 400


def test_limited_routes_say_what_is_left(anonymous: Client) -> None:
    first = anonymous.post("/api/auth/login", {"login": "x", "password": "y"})
    second = anonymous.post("/api/auth/refresh")

    assert first.status == 401
    assert second.headers["ratelimit-policy"] == "6000;w=60"


def test_too_many_requests(anonymous: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("djamms.api.limits.add_request", lambda *_, **__: 6001)

    reply = anonymous.post("/api/auth/login", {"login": "x", "password": "y"})

    assert (reply.status, reply.json()["error"]) == (429, "rate_limited")
    assert 1 <= int(reply.headers["retry-after"]) <= 60
    assert reply.headers["ratelimit-remaining"] == "0"


@pytest.fixture
def buckets(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was counted, in order."""
    counted: list[str] = []

    def count(_: Session, *, bucket: str, start: datetime) -> int:
        counted.append(bucket)
        return len(counted)

    monkeypatch.setattr("djamms.api.limits.add_request", count)
    return counted


def test_accounts_are_counted_apart_and_strangers_by_their_address(
    user: User, as_user: Client, anonymous: Client, buckets: list[str]
) -> None:
    for client in (as_user, anonymous, Client().as_("no.real.token")):
        client.post("/api/playlists", {"name": "x"})

    assert buckets == [f"create_playlist {one}" for one in (f"user {user.id}", *["127.0.0.1"] * 2)]


def test_a_made_up_address_is_not_believed(anonymous: Client, buckets: list[str]) -> None:
    for address in ("198.51.100.1", "198.51.100.2"):
        headers = {"X-Forwarded-For": address, "Forwarded": f"for={address}"}
        anonymous.send("POST", "/api/auth/login", body={}, headers=headers)

    assert len(buckets) == 2
    assert set(buckets) == {"login 127.0.0.1"}


def test_signing_in_is_counted_by_address_whoever_one_is(
    as_user: Client, buckets: list[str]
) -> None:
    as_user.post("/api/auth/login", {"login": "x", "password": "y"})

    assert buckets == ["login 127.0.0.1"]


def test_reading_is_not_counted(as_user: Client, buckets: list[str]) -> None:
    assert as_user.get("/api/playlists").status == 200
    assert buckets == []


@pytest.mark.parametrize("body", [{"login": 1}, {"login": "x", "password": "y"}])
def test_every_reply_says_what_is_left(
    anonymous: Client, buckets: list[str], body: dict[str, object]
) -> None:
    reply = anonymous.post("/api/auth/login", body)

    assert reply.status in (401, 422)
    assert reply.headers["ratelimit-remaining"] == "5999"


def test_a_browser_may_read_what_is_left(anonymous: Client) -> None:
    headers = {"Origin": "http://localhost:3000"}
    reply = anonymous.send("POST", "/api/auth/login", body={}, headers=headers)

    sent = {name for name in reply.headers if name.startswith("ratelimit")}
    exposed = reply.headers["access-control-expose-headers"].lower().split(", ")
    assert len(sent) == 4
    assert sent <= set(exposed)


def test_counts_by_bucket_and_window(session: Session) -> None:
    limit, now = Limit(5, 60), clock.now()
    start, earlier = window_start(now, limit), window_start(now, limit) - timedelta(minutes=1)

    counts = [
        add_request(session, bucket=bucket, start=moment)
        for bucket, moment in (("a", start), ("a", start), ("b", start), ("a", earlier))
    ]

    assert counts == [1, 2, 1, 1]


def test_tokens_are_never_kept(session: Session, as_user: Client) -> None:
    headers = {"Idempotency-Key": "k1"}

    as_user.send("POST", "/api/auth/refresh", headers=headers)

    assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 0
