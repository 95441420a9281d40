from itertools import pairwise

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from djamms.search.breaker import (
    FAILURES,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    TRY_SECONDS,
    CircuitBreaker,
    Permit,
    State,
)


class World:
    """A breaker, its clock and its dice."""

    def __init__(self) -> None:
        self.now, self.dice = 1000.0, 0.5
        self.states: list[State] = []
        self.breaker = CircuitBreaker(
            on_change=self.states.append, clock=lambda: self.now, draw=lambda: self.dice
        )

    def enter(self) -> Permit:
        permit = self.breaker.enter()
        assert permit is not None
        return permit

    def fail(self, times: int = 1) -> None:
        for _ in range(times):
            self.breaker.failed(self.enter())

    def is_left_alone(self) -> bool:
        return self.breaker.enter() is None


@pytest.fixture
def world() -> World:
    return World()


def test_opens_after_failures_in_a_row(world: World) -> None:
    world.fail(FAILURES - 1)
    world.breaker.succeeded(world.enter())
    world.fail(FAILURES - 1)
    assert world.breaker.state is State.CLOSED

    world.fail()

    assert world.is_left_alone()
    assert world.states == [State.OPEN]


def test_lets_one_try_after_the_pause(world: World) -> None:
    world.fail(FAILURES)
    world.now += FIRST_PAUSE - 0.01
    assert world.is_left_alone()

    world.now += 0.02

    assert world.enter().is_try
    assert world.is_left_alone()


def test_closes_when_the_try_succeeds(world: World) -> None:
    world.fail(FAILURES)
    world.now += FIRST_PAUSE
    world.breaker.succeeded(world.enter())

    assert not world.enter().is_try
    assert world.states == [State.OPEN, State.HALF_OPEN, State.CLOSED]
    world.fail(FAILURES - 1)
    assert world.breaker.state is State.CLOSED, "what failed before is forgotten"


def test_waits_twice_as_long_after_each_try_up_to_a_quarter_of_a_minute(world: World) -> None:
    world.fail(FAILURES)
    for pause in (5, 10, 15, 15):
        world.now += pause - 0.01
        assert world.is_left_alone()
        world.now += 0.01
        world.fail()

    world.now += LONGEST_PAUSE
    world.breaker.succeeded(world.enter())
    world.breaker.succeeded(world.enter())
    world.fail(FAILURES)
    world.now += FIRST_PAUSE
    assert world.enter().is_try, "the next time begins with the shortest"


def test_one_that_answers_tries_but_no_request_is_left_alone_for_longer(world: World) -> None:
    world.fail(FAILURES)
    world.now += FIRST_PAUSE
    world.breaker.succeeded(world.enter())

    world.fail(FAILURES)

    world.now += 2 * FIRST_PAUSE - 0.01
    assert world.is_left_alone()
    world.now += 0.01
    assert world.enter().is_try


def test_one_that_is_slow_to_answer_is_soon_tried_again(world: World) -> None:
    world.fail(FAILURES)
    world.now += FIRST_PAUSE
    world.fail()
    world.now += 2 * FIRST_PAUSE

    world.breaker.failed(world.enter(), is_slow=True)

    world.now += FIRST_PAUSE
    assert world.enter().is_try


@pytest.mark.parametrize(("dice", "pause"), [(0.0, 4.0), (0.5, 5.0), (1.0, 6.0)])
def test_not_all_processes_try_at_once(world: World, dice: float, pause: float) -> None:
    world.dice = dice
    world.fail(FAILURES)

    world.now += pause - 0.01
    assert world.is_left_alone()
    world.now += 0.02
    assert not world.is_left_alone()


def test_what_began_before_it_opened_changes_nothing(world: World) -> None:
    slow, slower = world.enter(), world.enter()
    world.fail(FAILURES)

    world.breaker.succeeded(slow)
    assert world.is_left_alone()
    world.now += FIRST_PAUSE
    trial = world.enter()
    world.breaker.failed(slower)
    world.breaker.succeeded(trial)

    assert world.breaker.state is State.CLOSED


def test_a_try_that_says_nothing_is_made_again(world: World) -> None:
    world.fail(FAILURES)
    world.now += FIRST_PAUSE
    world.breaker.gave_up(world.enter())

    assert world.enter().is_try


def test_a_try_that_never_comes_back_is_made_again(world: World) -> None:
    world.fail(FAILURES)
    world.now += FIRST_PAUSE
    lost = world.enter()
    world.now += TRY_SECONDS

    again = world.enter()

    assert again.is_try
    world.breaker.succeeded(lost)
    world.breaker.succeeded(again)
    assert world.states[1:] == [State.HALF_OPEN, State.HALF_OPEN, State.CLOSED]


class Machine(RuleBasedStateMachine):
    """Calls that begin, end in any order or never, and time that passes."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.out: list[Permit] = []
        self.changed_at = self.world.now
        self.failed_in_a_row = 0

    @rule(seconds=st.floats(0, 100))
    def wait(self, seconds: float) -> None:
        self.world.now += seconds

    @rule(dice=st.floats(0, 1))
    def enter(self, dice: float) -> None:
        self.world.dice = dice
        before, seen = self.world.breaker.state, len(self.world.states)
        permit = self.world.breaker.enter()
        if permit is None:
            assert before is not State.CLOSED
            assert self.world.now - self.changed_at < LONGEST_PAUSE
            return
        assert permit.is_try == (before is not State.CLOSED)
        if before is State.HALF_OPEN:
            assert self.world.now - self.changed_at >= TRY_SECONDS
        self.out.append(permit)
        self.note(seen)

    @precondition(lambda self: self.out)
    @rule(data=st.data(), end=st.sampled_from(["succeeded", "failed", "gave_up"]))
    def end(self, data: st.DataObject, end: str) -> None:
        permit = self.out.pop(data.draw(st.integers(0, len(self.out) - 1)))
        before, seen = self.world.breaker.state, len(self.world.states)
        getattr(self.world.breaker, end)(permit)
        if before is State.CLOSED and permit.period == 0 and not self.world.states:
            self.failed_in_a_row = {"succeeded": 0, "gave_up": self.failed_in_a_row}.get(
                end, self.failed_in_a_row + 1
            )
            opened = self.world.breaker.state is State.OPEN
            assert opened == (self.failed_in_a_row == FAILURES)
        if State.CLOSED in self.world.states[seen:]:
            assert permit.is_try
            assert end == "succeeded"
        if before is State.OPEN:
            assert self.world.states[seen:] == [], "nothing but time ends a pause"
        self.note(seen)

    def note(self, seen: int) -> None:
        if self.world.states[seen:]:
            self.changed_at = self.world.now

    @invariant()
    def goes_from_state_to_state_as_drawn(self) -> None:
        drawn = {
            (State.CLOSED, State.OPEN),
            (State.OPEN, State.HALF_OPEN),
            (State.HALF_OPEN, State.HALF_OPEN),
            (State.HALF_OPEN, State.OPEN),
            (State.HALF_OPEN, State.CLOSED),
        }
        assert set(pairwise([State.CLOSED, *self.world.states])) <= drawn

    def teardown(self) -> None:
        self.world.now += LONGEST_PAUSE
        assert self.world.breaker.enter() is not None, "it never locks for good"


TestMachine = Machine.TestCase
