"""A circuit breaker: what has failed a few times in a row is left alone for a while, then tried
once (M. Nygard, Release It!, "Circuit Breaker"). State is that of one process."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

FAILURES = 3
# How long it is left alone: twice as long after each try that finds nobody there, in seconds. A
# fifth more or less, so that many processes do not try at the same instant.
FIRST_PAUSE, LONGEST_PAUSE, JITTER = 5.0, 15.0, 0.2
# Who tries and never says how it went has not: the process may have been frozen.
TRY_SECONDS = 10.0


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    # One try is on its way to find out.
    HALF_OPEN = "half-open"


@dataclass(frozen=True, slots=True)
class Permit:
    """For one call. `period` tells calls from before a change of state from those after."""

    period: int
    is_try: bool


class CircuitBreaker:
    """`on_change` is told the new state, whenever it opens, tries or closes."""

    def __init__(
        self,
        *,
        failures: int = FAILURES,
        on_change: Callable[[State], None] = lambda _state: None,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._most, self._on_change, self._clock, self._draw = failures, on_change, clock, draw
        self._lock = Lock()
        self._state, self._period = State.CLOSED, 0
        self._failures, self._pause, self._until = 0, FIRST_PAUSE, 0.0

    @property
    def state(self) -> State:
        return self._state

    def enter(self) -> Permit | None:
        """None while it is to be left alone. Each permit comes back by one of the three below."""
        with self._lock:
            if self._state is State.CLOSED:
                return Permit(self._period, is_try=False)
            if self._clock() < self._until:
                return None
            self._until = self._clock() + TRY_SECONDS
            self._change(State.HALF_OPEN)
            return Permit(self._period, is_try=True)

    def succeeded(self, permit: Permit) -> None:
        with self._lock:
            if permit.period != self._period:
                return
            self._failures = 0
            if permit.is_try:
                self._change(State.CLOSED)
            else:
                # A try asks for little: that it succeeds does not say that requests do.
                self._pause = FIRST_PAUSE

    def failed(self, permit: Permit, *, is_slow: bool = False) -> None:
        """`is_slow`: it is there, maybe just started, so that a try soon follows."""
        with self._lock:
            if permit.period != self._period:
                return
            self._failures += 1
            if permit.is_try or self._failures >= self._most:
                self._pause = FIRST_PAUSE if permit.is_try and is_slow else self._pause
                self._open()

    def gave_up(self, permit: Permit) -> None:
        """The call ended for a reason that says nothing: the next one tries."""
        with self._lock:
            if permit.is_try and permit.period == self._period:
                self._until = self._clock()
                self._change(State.OPEN)

    def _open(self) -> None:
        spread = 1 + JITTER * (2 * self._draw() - 1)
        self._until = self._clock() + min(self._pause * spread, LONGEST_PAUSE)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        self._failures = 0
        self._change(State.OPEN)

    def _change(self, state: State) -> None:
        self._state = state
        self._period += 1
        self._on_change(state)
