"""Call functions when their schedules are due, as EventBridge Scheduler does."""

import asyncio
import json
import logging
import uuid
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from local.assembly import Schedule
from local.triggers.expressions import Expression, parse
from local.triggers.invoker import Failed, Invoke

logger = logging.getLogger(__name__)

LONGEST_SLEEP_SECONDS = 30.0  # a laptop that was asleep notices within this
RETRY_SECONDS = (60, 120)  # Lambda's own pauses between tries of an asynchronous call
type Now = Callable[[], datetime]
type DeadLetter = Callable[[Schedule, str, dict[str, str]], Awaitable[None]]
type Authorise = Callable[[Schedule], Awaitable[None]]


@dataclass(slots=True)
class _Entry:
    schedule: Schedule
    expression: Expression
    due: datetime | None


@dataclass(slots=True)
class _Call:
    schedule: Schedule
    scheduled: datetime
    execution: str
    attempt: int
    due: datetime


class Scheduler:
    """`run_due(now)` is one step: it starts what is due. The clock is the caller's."""

    def __init__(
        self,
        schedules: Iterable[Schedule],
        *,
        invoke: Invoke,
        send_dead_letter: DeadLetter,
        authorise: Authorise,
        now: Now = lambda: datetime.now(UTC),
    ) -> None:
        self._invoke, self._send_dead_letter, self._authorise = invoke, send_dead_letter, authorise
        self._now = now
        start = now()
        self._entries = [_entry(one, start) for one in schedules if one.enabled]
        self._retries: list[_Call] = []
        self._running: set[asyncio.Task[None]] = set()

    def next_due(self) -> datetime | None:
        instants = [entry.due for entry in self._entries if entry.due is not None]
        return min([*instants, *(call.due for call in self._retries)], default=None)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await asyncio.sleep(self._pause())
                self.run_due()
        finally:
            for task in self._running:
                task.cancel()

    def run_due(self) -> None:
        """Start every call that is due. Several missed instants of one schedule are one call."""
        now = self._now()
        calls = [call for call in self._retries if call.due <= now]
        self._retries = [call for call in self._retries if call.due > now]
        for entry in self._entries:
            if entry.due is not None and entry.due <= now:
                calls.append(_Call(entry.schedule, entry.due, str(uuid.uuid4()), 1, entry.due))
                entry.due = entry.expression(now)
        for call in calls:
            task = asyncio.create_task(self._call(call))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def settle(self) -> None:
        """Wait for the calls that were started."""
        await asyncio.gather(*self._running)

    def _pause(self) -> float:
        due = self.next_due()
        if due is None:
            return LONGEST_SLEEP_SECONDS
        return min(max((due - self._now()).total_seconds(), 0.0), LONGEST_SLEEP_SECONDS)

    async def _call(self, call: _Call) -> None:
        schedule = call.schedule
        try:
            await self._authorise(schedule)
            await self._invoke(schedule.function, _payload(call))
        except Failed as error:
            await self._failed(call, error)

    async def _failed(self, call: _Call, error: Failed) -> None:
        schedule, now = call.schedule, self._now()
        pause = RETRY_SECONDS[min(call.attempt, len(RETRY_SECONDS)) - 1]
        due = now + timedelta(seconds=pause)
        oldest = call.scheduled + timedelta(seconds=schedule.max_age_seconds)
        if call.attempt <= min(schedule.max_attempts, len(RETRY_SECONDS)) and due <= oldest:
            logger.warning("Schedule %s failed, again in %d s: %s", schedule.name, pause, error)
            again = _Call(schedule, call.scheduled, call.execution, call.attempt + 1, due)
            self._retries.append(again)
            return
        logger.error("Schedule %s failed %d times: %s", schedule.name, call.attempt, error)
        if schedule.dead_letter_arn is not None:
            attributes = {
                "ERROR_CODE": error.kind,
                "ERROR_MESSAGE": str(error)[:1000],
                "EXECUTION_TIME": _text(now),
                "SCHEDULE_ARN": schedule.name,
                "SCHEDULED_TIME": _text(call.scheduled),
                "RETRY_ATTEMPTS": str(call.attempt - 1),
            }
            await self._send_dead_letter(schedule, _payload(call).decode(), attributes)


def _entry(schedule: Schedule, start: datetime) -> _Entry:
    expression = parse(schedule.expression, schedule.timezone)
    return _Entry(schedule, expression, expression(start))


def _payload(call: _Call) -> bytes:
    """The input with Scheduler's context attributes filled in."""
    values = {
        "scheduled-time": _text(call.scheduled),
        "schedule-arn": call.schedule.name,
        "execution-id": call.execution,
        "attempt-number": str(call.attempt),
    }
    text = call.schedule.input
    for name, value in values.items():
        text = text.replace(f"<aws.scheduler.{name}>", json.dumps(value)[1:-1])
    return text.encode()


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
