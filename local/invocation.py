"""What calling a function gives, and the errors that the platform itself answers with."""

import asyncio
import json
from dataclasses import dataclass

# Lambda's limit on a synchronous request and on its response.
MAX_PAYLOAD_BYTES = 6_291_556


@dataclass(frozen=True, slots=True)
class Invocation:
    """`error` is None, "Handled" (the function raised) or "Unhandled" (timeout, crash, init)."""

    request_id: str
    payload: bytes
    error: str | None = None


@dataclass(slots=True, eq=False)
class Job:
    """One invocation on its way to a worker."""

    request_id: str
    payload: bytes
    future: asyncio.Future[Invocation]
    queued_at: float = 0.0
    patience: asyncio.TimerHandle | None = None  # runs while the job is queued

    def dequeue(self) -> None:
        if self.patience is not None:
            self.patience.cancel()
            self.patience = None

    def finish(self, payload: bytes, error: str | None = None) -> None:
        if not self.future.done():  # the caller may have given up
            self.future.set_result(Invocation(self.request_id, payload, error))

    def fail(self, kind: str, message: str) -> None:
        text = f"RequestId: {self.request_id} Error: {message}"
        self.finish(error_payload(kind, text), "Unhandled")


class Throttled(Exception):
    """Every worker of the function stayed busy for longer than a caller waits."""


class PayloadTooLarge(Exception):
    """The event is larger than Lambda accepts."""


class InitFailed(Exception):
    """The function's code does not load; the text says why."""


def error_payload(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def error_message(payload: bytes) -> str:
    """The one-line text of an error payload."""
    try:
        body = json.loads(payload)
        return f"{body['errorType']}: {body['errorMessage']}"
    except (ValueError, KeyError, TypeError):
        return payload.decode(errors="replace")
