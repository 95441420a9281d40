"""Two engines that pass for one: when the better does not answer, the other does, in the same
request. See docs/decisions/search-falls-back.md."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from threading import Thread
from time import monotonic

from djamms.db.failures import DatabaseFailure
from djamms.errors import DomainError
from djamms.observability import logger, measure
from djamms.search.breaker import CircuitBreaker, Permit, State
from djamms.search.deadline import USUAL_SECONDS, within
from djamms.search.engine import (
    SearchEngine,
    SearchRequest,
    SearchResult,
    Suggestions,
    SuggestRequest,
)

# The engine understands another question than it is asked: a defect, or another definition.
BAD_REQUEST = 400
# Of a try, for which nobody waits: one that has just started needs more than a request has.
TRY_SECONDS = 2.0
# The shape of opensearchpy.ConnectionTimeout.
TIMED_OUT = "TIMEOUT"


def is_failure(error: Exception) -> bool:
    """Whether the other engine can do better: not where the request makes no sense, and not where
    it is our own database that failed, which both engines need."""
    return not isinstance(error, (DomainError, DatabaseFailure))


def is_slow(error: Exception) -> bool:
    """Whether somebody was there, who did not answer in time."""
    status = getattr(error, "status_code", None)
    return isinstance(error, TimeoutError) or status == TIMED_OUT


def in_thread(work: Callable[[], None]) -> None:
    Thread(target=work, daemon=True).start()


class FallbackEngine:
    """For one request, whose questions share `seconds`: where one of them fails, those that follow
    are not the first engine's either. `is_current`: whether the first engine knows what there
    is. `probe` raises where it cannot be asked yet; it is run by `beside`, as the other engine
    answers meanwhile, and touches nothing of the request's."""

    def __init__(
        self,
        primary: SearchEngine,
        secondary: SearchEngine,
        breaker: CircuitBreaker,
        *,
        probe: Callable[[], object],
        beside: Callable[[Callable[[], None]], None] = in_thread,
        seconds: float = USUAL_SECONDS,
        is_current: Callable[[], bool] = lambda: True,
    ) -> None:
        self._primary, self._secondary = primary, secondary
        self._breaker, self._left, self._is_current = breaker, seconds, is_current
        self._probe, self._beside = probe, beside

    @property
    def name(self) -> str:
        return self._primary.name

    def search(self, request: SearchRequest) -> SearchResult:
        found = self._try(lambda: self._primary.search(request))
        return found or replace(self._secondary.search(request), degraded=True)

    def suggest(self, request: SuggestRequest) -> Suggestions:
        found = self._try(lambda: self._primary.suggest(request))
        return found or replace(self._secondary.suggest(request), degraded=True)

    def _try[T](self, ask: Callable[[], T]) -> T | None:
        """None where the other engine has to answer."""
        if self._left <= 0 or not self._is_current():
            return None
        permit = self._breaker.enter()
        if permit and permit.is_try:
            self._beside(partial(_find_out, self._breaker, permit, self._probe))
            permit = None
        began = monotonic()
        found = self._ask(permit, ask) if permit else None
        self._left = self._left - (monotonic() - began) if found else 0.0
        return found

    def _ask[T](self, permit: Permit, ask: Callable[[], T]) -> T | None:
        try:
            with within(self._left):
                found = ask()
        except Exception as error:
            if not is_failure(error):
                self._breaker.gave_up(permit)
                raise
            self._breaker.failed(permit)
            _tell_failure(error)
            return None
        except BaseException:
            self._breaker.gave_up(permit)
            raise
        self._breaker.succeeded(permit)
        return found


def _find_out(breaker: CircuitBreaker, permit: Permit, probe: Callable[[], object]) -> None:
    try:
        with within(TRY_SECONDS):
            probe()
    except Exception as error:  # noqa: BLE001 -- whatever it is, there is no answer
        logger.warning("search_engine_still_lost", extra={"reason": type(error).__name__})
        breaker.failed(permit, is_slow=is_slow(error))
    else:
        breaker.succeeded(permit)


@cache
def search_breaker() -> CircuitBreaker:
    """Of this process."""
    return CircuitBreaker(on_change=_tell)


def _tell(state: State) -> None:
    """As a log line and a metric; a try that is under way is no news."""
    if state is State.HALF_OPEN:
        return
    logger.warning("search_breaker", extra={"state": state.value})
    _count("SearchEngineLost" if state is State.OPEN else "SearchEngineBack")


def _tell_failure(error: Exception) -> None:
    """With its trace, for it may be a defect. By the shape of the client's exceptions
    (opensearchpy.TransportError): to import them takes a quarter of a second."""
    logger.exception("search_engine_failed", extra={"reason": type(error).__name__})
    if getattr(error, "status_code", None) == BAD_REQUEST:
        _count("SearchEngineRefused")


def _count(name: str) -> None:
    measure(name, 1, unit="Count", service="search")
