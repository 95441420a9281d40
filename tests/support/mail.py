"""A queue that keeps what it was told, and a sender that keeps what it sent."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from djamms.mail.sender import Mail


@dataclass
class FakeQueue:
    asked: list[str] = field(default_factory=list)

    def ask_for_password_reset(self, email: str, *, correlation_id: str) -> None:
        assert UUID(correlation_id)
        self.asked.append(email)


@dataclass
class FakeSender:
    sent: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> str:
        self.sent.append(mail)
        return str(uuid4())


def use_queue(monkeypatch: pytest.MonkeyPatch) -> FakeQueue:
    queue = FakeQueue()
    monkeypatch.setattr("djamms.mail.queue.mail_queue", lambda: queue)
    return queue
