"""Schedules call functions; the clock is the test's."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from local.assembly import Role, Schedule
from local.triggers.invoker import Failed
from local.triggers.schedules import Scheduler

NIGHTLY = Schedule(
    name="nightly",
    expression="cron(0 3 * * ? *)",
    timezone="Europe/Berlin",
    enabled=True,
    function="jobs",
    input='{"job": "clean"}',
    role=Role("arn:aws:iam::000000000000:role/schedules", ()),
    dead_letter_arn="arn:dead",
    max_attempts=2,
    max_age_seconds=3600,
)


class World:
    """A clock, a function that fails as often as it is told to, and what was sent to the dead."""

    def __init__(self, *schedules: Schedule, failures: int = 0, refused: bool = False) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.calls: list[tuple[datetime, str, bytes]] = []
        self.dead: list[tuple[str, dict[str, str]]] = []
        self.failures, self.refused = failures, refused
        self.scheduler = Scheduler(
            schedules,
            invoke=self._invoke,
            send_dead_letter=self._send,
            authorise=self._authorise,
            now=lambda: self.now,
        )

    async def pass_time(self, **period: int) -> None:
        """Step from one due instant to the next, as a running scheduler does."""
        end = self.now + timedelta(**period)
        while (due := self.scheduler.next_due()) is not None and due <= end:
            await self.jump_to(due)
        self.now = end

    async def jump_to(self, instant: datetime) -> None:
        self.now = instant
        self.scheduler.run_due()
        await self.scheduler.settle()

    async def _invoke(self, function: str, payload: bytes, /) -> bytes:
        self.calls.append((self.now, function, payload))
        if len(self.calls) <= self.failures:
            raise Failed("Unhandled", "it broke")
        return b"null"

    async def _send(self, schedule: Schedule, body: str, attributes: dict[str, str]) -> None:
        assert schedule.dead_letter_arn
        self.dead.append((body, attributes))

    async def _authorise(self, schedule: Schedule) -> None:
        if self.refused:
            raise Failed("AccessDeniedException", f"{schedule.name} may not")

    def hours(self) -> list[str]:
        return [f"{instant:%d %H:%M}" for instant, _, _ in self.calls]


def test_fires_at_its_hour_in_its_time_zone() -> None:
    world = World(NIGHTLY)

    asyncio.run(world.pass_time(days=3))

    assert world.hours() == ["01 02:00", "02 02:00", "03 02:00"]
    assert world.calls[0][1:] == ("jobs", b'{"job": "clean"}')


def test_disabled_schedule_never_fires() -> None:
    world = World(replace(NIGHTLY, enabled=False))

    asyncio.run(world.pass_time(days=3))

    assert world.calls == []


def test_hours_asleep_are_one_call() -> None:
    world = World(replace(NIGHTLY, expression="rate(5 minutes)"))

    asyncio.run(world.jump_to(world.now + timedelta(hours=8)))

    assert world.hours() == ["01 08:00"]
    assert world.scheduler.next_due() == world.now + timedelta(minutes=5)


def test_input_may_name_its_instant() -> None:
    text = '{"at": "<aws.scheduler.scheduled-time>", "try": <aws.scheduler.attempt-number>}'
    world = World(replace(NIGHTLY, input=text))

    asyncio.run(world.pass_time(days=1))

    assert world.calls[0][2] == b'{"at": "2026-01-01T02:00:00Z", "try": 1}'


def test_failed_call_is_tried_again() -> None:
    world = World(NIGHTLY, failures=2)

    asyncio.run(world.pass_time(hours=12))

    assert world.hours() == ["01 02:00", "01 02:01", "01 02:03"]
    assert world.dead == []


def test_call_that_keeps_failing_goes_to_the_dead_letters() -> None:
    world = World(NIGHTLY, failures=9)

    asyncio.run(world.pass_time(hours=12))

    ((body, attributes),) = world.dead
    assert len(world.calls) == 3
    assert body == NIGHTLY.input
    assert attributes["ERROR_MESSAGE"] == "it broke"
    assert attributes["SCHEDULED_TIME"] == "2026-01-01T02:00:00Z"
    assert attributes["RETRY_ATTEMPTS"] == "2"


@pytest.mark.parametrize("change", [{"max_attempts": 0}, {"max_age_seconds": 30}])
def test_retries_end_with_their_number_and_with_their_age(change: dict[str, int]) -> None:
    world = World(replace(NIGHTLY, **change), failures=9)  # type: ignore[arg-type]

    asyncio.run(world.pass_time(hours=12))

    assert (len(world.calls), len(world.dead)) == (1, 1)


def test_schedule_without_permission_calls_nothing() -> None:
    world = World(replace(NIGHTLY, max_attempts=0), refused=True)

    asyncio.run(world.pass_time(days=1))

    assert world.calls == []
    assert world.dead[0][1]["ERROR_CODE"] == "AccessDeniedException"
