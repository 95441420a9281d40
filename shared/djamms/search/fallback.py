"""Two engines that pass for one: when the better does not answer, the other does, in the same
request. See docs/decisions/search-falls-back.md."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

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

TOO_MANY_REQUESTS = 429
# No index, and no right to ask for it: nothing that the caller did.
UNUSABLE = frozenset({401, 403, 404, TOO_MANY_REQUESTS})
# In place of a status, where there is no reply.
NO_REPLY = frozenset({"N/A", "TIMEOUT"})


def is_failure(error: Exception) -> bool:
    """Whether it is the engine that failed, and not the request. By the shape of the client's
    exceptions (opensearchpy.TransportError): to import them takes a quarter of a second."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return status in UNUSABLE or status >= 500
    return status in NO_REPLY or isinstance(error, OSError)


class FallbackEngine:
    def __init__(
        self,
        primary: SearchEngine,
        secondary: SearchEngine,
        breaker: CircuitBreaker,
        *,
        seconds: float = USUAL_SECONDS,
    ) -> None:
        self._primary, self._secondary = primary, secondary
        self._breaker, self._seconds = breaker, seconds

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
        permit = self._breaker.enter()
        return self._ask(permit, ask) if permit else None

    def _ask[T](self, permit: Permit, ask: Callable[[], T]) -> T | None:
        try:
            with within(self._seconds):
                found = ask()
        except Exception as error:
            if not is_failure(error):
                self._breaker.gave_up(permit)
                raise
            self._breaker.failed(permit)
            logger.warning("search_engine_failed", extra={"reason": type(error).__name__})
            return None
        except BaseException:
            self._breaker.gave_up(permit)
            raise
        self._breaker.succeeded(permit)
        return found


@cache
def search_breaker() -> CircuitBreaker:
    """Of this process."""
    return CircuitBreaker(on_change=_tell)


def _tell(state: State) -> None:
    """As a log line and a metric; a try that is under way is no news."""
    if state is State.HALF_OPEN:
        return
    name = "SearchEngineLost" if state is State.OPEN else "SearchEngineBack"
    logger.warning("search_breaker", extra={"state": state.value})
    measure(name, 1, unit="Count", service="search")
