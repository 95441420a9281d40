"""A forgotten password: from the request to the link and through it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from uuid import uuid4

import pytest
from botocore.exceptions import EndpointConnectionError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from djamms import clock
from djamms.auth.reset_mails import MOST_AN_HOUR
from djamms.models.account import PasswordReset
from djamms.models.user import User
from tests.support.api import Client
from tests.support.factories import PASSWORD, sign_in
from tests.support.mail import FakeQueue, FakeSender, use_queue

NEW = "four green kettles"
ASK, CONFIRM, LOGIN = (
    f"/api/auth/{name}" for name in ("password-reset", "password-confirm", "login")
)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> FakeQueue:
    return use_queue(monkeypatch)


@pytest.fixture
def sender(session: Session, monkeypatch: pytest.MonkeyPatch) -> FakeSender:
    sender = FakeSender()
    monkeypatch.setattr("functions.mail.handler.MailSender", lambda: sender)
    return sender


def deliver(email: str, *, reset_id: str | None = None) -> list[str]:
    """The function `mail` gets one message; answers those that failed."""
    from functions.mail.handler import handler

    body = {"resetId": reset_id or str(uuid4()), "email": email, "correlationId": "c-1"}
    context = SimpleNamespace(
        function_name="mail",
        memory_limit_in_mb=512,
        invoked_function_arn="arn:aws:lambda:eu-central-1:000000000000:function:mail",
        aws_request_id=str(uuid4()),
    )
    event = {"Records": [{"messageId": "m-1", "body": json.dumps(body)}]}
    return [one["itemIdentifier"] for one in handler(event, context)["batchItemFailures"]]


def token_of(sender: FakeSender) -> str:
    found = re.search(r"#token=(\S+)", sender.sent[-1].text)
    assert found
    return found[1]


@contextmanager
def later(passed: timedelta) -> Iterator[None]:
    clock.set_clock(partial(clock.now().__add__, passed))
    try:
        yield
    finally:
        clock.set_clock(None)


def test_the_mail_shows_nothing_that_somebody_chose_to_be_read_in_it(
    session: Session, user: User, sender: FakeSender
) -> None:
    user.name = "friend, your account is locked: http://evil.example"
    session.flush()

    deliver(user.email)

    assert "evil" not in sender.sent[-1].text
    assert user.username in sender.sent[-1].text


def test_a_request_only_leaves_a_message(anonymous: Client, queue: FakeQueue) -> None:
    reply = anonymous.post(ASK, {"email": "Ada@Example.test"})

    assert (reply.status, reply.json()) == (202, {"accepted": True})
    assert queue.asked == ["ada@example.test"]


def test_a_queue_that_does_not_answer_is_told_as_such(
    anonymous: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def send_message(self, **_: object) -> None:
            raise EndpointConnectionError(endpoint_url="https://sqs.test")

    monkeypatch.setattr("djamms.mail.queue.sqs_client", Broken)

    reply = anonymous.post(ASK, {"email": "ada@example.test"})

    assert (reply.status, reply.json()["error"]) == (503, "unavailable")
    assert "ada@" not in str([vars(record) for record in caplog.records])


def test_the_answer_does_not_tell_whether_there_is_such_an_account(
    anonymous: Client, queue: FakeQueue, user: User
) -> None:
    known, unknown = (anonymous.post(ASK, {"email": one}) for one in (user.email, "no@x.test"))

    assert (known.status, known.text) == (unknown.status, unknown.text)
    dropped = {"x-request-id", "ratelimit-remaining"}
    assert {k: v for k, v in known.headers.items() if k not in dropped} == {
        k: v for k, v in unknown.headers.items() if k not in dropped
    }


def test_the_link_leads_to_the_configured_frontend(
    anonymous: Client, queue: FakeQueue, sender: FakeSender, user: User
) -> None:
    forged = {"Host": "evil.test", "X-Forwarded-Host": "evil.test", "Origin": "https://evil.test"}
    anonymous.send("POST", ASK, body={"email": user.email}, headers=forged)

    assert deliver(queue.asked[0]) == []

    [mail] = sender.sent
    assert mail.to == user.email
    assert "https://front.test/reset-password#token=" in mail.text
    assert "evil" not in mail.text


def test_an_unknown_address_gets_no_mail(sender: FakeSender, user: User) -> None:
    assert deliver("nobody@example.test") == []
    assert sender.sent == []


def test_a_deactivated_account_gets_no_mail(
    session: Session, sender: FakeSender, user: User
) -> None:
    user.is_active = False
    session.flush()

    deliver(user.email)

    assert sender.sent == []


def test_the_link_sets_the_password_and_ends_all_sessions(
    session: Session, anonymous: Client, as_user: Client, sender: FakeSender, user: User
) -> None:
    other = anonymous.as_(sign_in(session, user))
    deliver(user.email)

    reply = anonymous.post(CONFIRM, {"token": token_of(sender), "password": NEW})

    assert (reply.status, reply.json()) == (200, {"changed": True})
    assert [one.get("/api/auth/user").status for one in (as_user, other)] == [401, 401]
    assert anonymous.post(LOGIN, {"login": "ada", "password": PASSWORD}).status == 401
    assert anonymous.post(LOGIN, {"login": "ada", "password": NEW}).status == 200


def test_a_link_is_good_once_and_takes_the_others_with_it(
    anonymous: Client, sender: FakeSender, user: User
) -> None:
    deliver(user.email)
    first = token_of(sender)
    deliver(user.email)
    second = token_of(sender)

    statuses = [
        anonymous.post(CONFIRM, {"token": token, "password": NEW}).status
        for token in (first, first, second)
    ]

    assert statuses == [200, 400, 400]


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 400)])
def test_a_link_is_good_for_half_an_hour(
    anonymous: Client, sender: FakeSender, user: User, minutes: int, status: int
) -> None:
    deliver(user.email)

    with later(timedelta(minutes=minutes)):
        reply = anonymous.post(CONFIRM, {"token": token_of(sender), "password": NEW})

    assert reply.status == status


def test_a_refused_password_leaves_the_link_good(
    anonymous: Client, sender: FakeSender, user: User
) -> None:
    deliver(user.email)
    token = token_of(sender)

    assert anonymous.post(CONFIRM, {"token": token, "password": "password123"}).status == 422
    assert anonymous.post(CONFIRM, {"token": token, "password": NEW}).status == 200


def test_a_made_up_token_changes_nothing(anonymous: Client, user: User) -> None:
    reply = anonymous.post(CONFIRM, {"token": "made-up", "password": NEW})

    assert (reply.status, reply.json()["error"]) == (400, "invalid_reset_token")
    assert anonymous.post(LOGIN, {"login": "ada", "password": PASSWORD}).status == 200


def test_a_new_address_or_password_withdraws_links(
    anonymous: Client, as_user: Client, sender: FakeSender, user: User
) -> None:
    deliver(user.email)
    change = {"email": "new@example.test", "currentPassword": PASSWORD}
    assert as_user.put("/api/auth/user", change).status == 200

    reply = anonymous.post(CONFIRM, {"token": token_of(sender), "password": NEW})

    assert reply.status == 400


def test_a_message_that_comes_twice_is_one_link(
    anonymous: Client, sender: FakeSender, user: User
) -> None:
    same = str(uuid4())
    deliver(user.email, reset_id=same)
    first = token_of(sender)
    deliver(user.email, reset_id=same)

    assert anonymous.post(CONFIRM, {"token": first, "password": NEW}).status == 400
    assert anonymous.post(CONFIRM, {"token": token_of(sender), "password": NEW}).status == 200


def test_an_account_gets_so_many_mails_an_hour(sender: FakeSender, user: User) -> None:
    for _ in range(MOST_AN_HOUR + 2):
        deliver(user.email)

    assert len(sender.sent) == MOST_AN_HOUR


def test_a_mail_that_cannot_be_sent_comes_again_and_leaves_no_token(
    session: Session, monkeypatch: pytest.MonkeyPatch, user: User
) -> None:
    class Broken:
        def send(self, mail: object) -> str:
            raise ConnectionError

    monkeypatch.setattr("functions.mail.handler.MailSender", Broken)
    assert deliver(user.email) == ["m-1"]
    assert session.scalar(select(func.count()).select_from(PasswordReset)) == 0


def test_neither_log_nor_database_holds_the_token(
    session: Session, sender: FakeSender, user: User, caplog: pytest.LogCaptureFixture
) -> None:
    deliver(user.email)

    token, written = token_of(sender), str([vars(record) for record in caplog.records])
    assert "mail_sent" in written
    assert token not in written
    assert user.email not in written
    assert token not in str(session.execute(select(PasswordReset.token_hash)).all())
