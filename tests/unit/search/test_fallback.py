"""Two engines that pass for one, with engines that fail in every way."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthorizationException,
    ConnectionTimeout,
    NotFoundError,
    RequestError,
    TransportError,
)
from opensearchpy.exceptions import ConnectionError as NoConnection
from sqlalchemy.exc import OperationalError

from djamms.errors import Unprocessable
from djamms.search import fallback
from djamms.search.breaker import FAILURES, FIRST_PAUSE, CircuitBreaker, State
from djamms.search.criteria import SearchCriteria
from djamms.search.deadline import DeadlineExceeded, bounded, remaining, within
from djamms.search.engine import SearchRequest, SearchResult, Suggestions, SuggestRequest
from djamms.search.fallback import FallbackEngine
from djamms.search.kinds import Kind
from djamms.search.opensearch.connection import BoundedConnection
from djamms.security.principal import GUEST_PRINCIPAL

REQUEST = SearchRequest(criteria=SearchCriteria("x"), viewer=GUEST_PRINCIPAL, offset=0, limit=1)
SUGGEST = SuggestRequest(phrase="x", viewer=GUEST_PRINCIPAL, kinds=[Kind.TRACK], limit=1)


class FakeEngine:
    """Does `act` for each request, then finds nothing."""

    def __init__(self, name: str, act: Callable[[], Any] = lambda: None) -> None:
        self.name, self.act, self.asked = name, act, 0

    def search(self, request: SearchRequest) -> SearchResult:
        self.asked += 1
        self.act()
        return SearchResult([], 0, True, {}, 0, None, self.name)

    def suggest(self, request: SuggestRequest) -> Suggestions:
        self.asked += 1
        self.act()
        return Suggestions([], self.name)


def failing(error: BaseException) -> Callable[[], Any]:
    def act() -> None:
        raise error

    return act


class World:
    def __init__(self, act: Callable[[], Any] = lambda: None, seconds: float = 0.4) -> None:
        self.now = 0.0
        self.primary, self.secondary = FakeEngine("opensearch", act), FakeEngine("postgres")
        self.breaker = CircuitBreaker(clock=lambda: self.now, draw=lambda: 0.5)
        self.seconds, self.is_current = seconds, True
        self.probe: Callable[[], Any] = lambda: None
        self.beside: list[Callable[[], None]] = []

    @property
    def engine(self) -> FallbackEngine:
        """That of the next request."""
        return FallbackEngine(
            self.primary,
            self.secondary,
            self.breaker,
            probe=lambda: self.probe(),
            beside=self.beside.append,
            seconds=self.seconds,
            is_current=lambda: self.is_current,
        )

    def ask(self) -> tuple[str, bool]:
        found = self.engine.search(REQUEST)
        return found.engine, found.degraded

    def lose(self) -> None:
        """Until the time of the first try."""
        self.primary.act = failing(OSError())
        for _ in range(FAILURES):
            self.ask()
        self.now += FIRST_PAUSE

    def find_out(self) -> None:
        """What a request left to be done beside it."""
        self.beside.pop()()


def test_the_better_engine_answers_while_it_can() -> None:
    world = World()

    assert world.ask() == ("opensearch", False)
    assert world.engine.suggest(SUGGEST).degraded is False
    assert world.secondary.asked == 0
    assert world.engine.name == "opensearch"


FAILING = [
    DeadlineExceeded("late"),
    ConnectionRefusedError("nobody there"),
    NoConnection("N/A", "refused", OSError()),
    ConnectionTimeout("TIMEOUT", "late", OSError()),
    TransportError(429, "es_rejected_execution_exception", {}),
    TransportError(500, "oops", {}),
    TransportError(503, "no master", {}),
    NotFoundError(404, "index_not_found_exception", {}),
    AuthorizationException(403, "not allowed", {}),
    RequestError(400, "parsing_exception", {}),
    KeyError("hits"),
    ImportError("opensearchpy"),
]


@pytest.mark.parametrize("error", FAILING, ids=lambda error: str(error.args[:2]))
def test_the_other_answers_when_it_fails(error: Exception) -> None:
    world = World(failing(error))

    assert world.ask() == ("postgres", True)
    suggested = world.engine.suggest(SUGGEST)
    assert (suggested.engine, suggested.degraded) == ("postgres", True)


NOT_ITS_FAULT = [
    Unprocessable("No such filter."),
    OperationalError("SELECT", {}, OSError("our own database")),
    KeyboardInterrupt(),
]


@pytest.mark.parametrize("error", NOT_ITS_FAULT, ids=lambda error: type(error).__name__)
def test_what_is_not_its_fault_is_told(error: BaseException) -> None:
    world = World(failing(error))

    for _ in range(FAILURES + 1):
        with pytest.raises(type(error)):
            world.ask()

    assert world.secondary.asked == 0
    assert world.breaker.state is State.CLOSED


def test_is_left_alone_after_some_failures_and_comes_back_by_itself() -> None:
    world = World(failing(OSError()))
    for _ in range(FAILURES + 5):
        assert world.ask() == ("postgres", True)
    assert world.primary.asked == FAILURES
    world.now += FIRST_PAUSE
    world.primary.act = lambda: None

    assert world.ask() == ("postgres", True), "nobody waits for a try"
    world.find_out()

    assert [world.ask() for _ in range(2)] == [("opensearch", False)] * 2


def test_stays_left_alone_while_tries_fail() -> None:
    world = World()
    world.lose()
    world.primary.act, world.probe = lambda: None, failing(ConnectionRefusedError())

    world.ask()
    world.find_out()
    world.now += FIRST_PAUSE
    assert world.ask() == ("postgres", True)
    assert world.beside == []

    world.now += FIRST_PAUSE
    assert world.ask() == ("postgres", True)
    assert len(world.beside) == 1


SLOW = [DeadlineExceeded("late"), ConnectionTimeout("TIMEOUT", "late", OSError())]


@pytest.mark.parametrize("error", SLOW, ids=lambda error: type(error).__name__)
def test_a_slow_answer_to_a_try_does_not_put_the_next_one_off(error: Exception) -> None:
    world = World()
    world.lose()
    world.probe = failing(error)

    for _ in range(3):
        world.ask()
        world.find_out()
        world.now += FIRST_PAUSE

    world.ask()
    assert len(world.beside) == 1


def test_a_try_has_more_time_than_a_request() -> None:
    world = World(seconds=0.1)
    left: list[float] = []
    world.lose()
    world.probe = lambda: left.append(remaining() or 0.0)

    world.ask()
    world.find_out()

    assert left[0] > 1
    assert world.breaker.state is State.CLOSED


def test_a_try_runs_beside_its_request() -> None:
    """One that does not answer keeps nobody waiting."""
    goes_on, ended = Event(), Event()

    def work() -> None:
        goes_on.wait(10)
        ended.set()

    fallback.in_thread(work)
    assert not ended.is_set()
    goes_on.set()

    assert ended.wait(10)


def test_costs_no_more_than_the_deadline() -> None:
    never = Event()
    calls: list[float] = []

    def two_calls() -> None:
        for _ in range(2):
            calls.append(remaining() or 0.0)
            bounded(lambda: never.wait(0.06) or len(calls) < 2 or never.wait(10))

    world = World(two_calls, seconds=0.15)
    began = time.monotonic()

    assert world.ask() == ("postgres", True)

    assert 0.15 <= time.monotonic() - began < 2
    assert len(calls) == 2
    assert calls[1] < calls[0] <= 0.15, "the second has what the first left"
    never.set()


def test_questions_of_one_request_share_its_time() -> None:
    left: list[float] = []

    def take_time() -> None:
        left.append(remaining() or 0.0)
        time.sleep(0.05)

    world = World(take_time, seconds=5)
    request = world.engine

    request.suggest(SUGGEST)
    request.search(REQUEST)

    assert left[1] <= left[0] - 0.05


def test_a_request_that_waited_in_vain_does_not_wait_again() -> None:
    world = World(failing(OSError()))
    request = world.engine

    assert request.search(REQUEST).degraded
    assert request.suggest(SUGGEST).degraded
    assert world.primary.asked == 1


def test_an_index_that_is_behind_is_not_asked() -> None:
    world = World()
    world.is_current = False
    assert world.ask() == ("postgres", True)
    assert world.primary.asked == 0

    world.is_current = True
    assert world.ask() == ("opensearch", False)


def test_time_is_unlimited_where_nobody_limits_it() -> None:
    assert remaining() is None
    assert bounded(lambda: 3) == 3
    with within(5):
        assert bounded(lambda: 4) == 4
        with pytest.raises(KeyError):
            bounded(failing(KeyError()))
    assert remaining() is None


def test_no_call_begins_when_the_time_is_over() -> None:
    asked: list[int] = []

    with within(0), pytest.raises(DeadlineExceeded):
        bounded(lambda: asked.append(1))

    assert asked == []


@contextmanager
def server(*sends: bytes, every: float = 0.0) -> Iterator[int]:
    """Takes connections and sends these, slowly; then says no more."""
    over = Event()

    def serve(connection: socket.socket) -> None:
        with connection:
            connection.recv(65536)
            for part in sends:
                connection.sendall(part)
                if over.wait(every):
                    return
            over.wait(10)

    def listen() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=listen, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()


def client(port: int) -> OpenSearch:
    return OpenSearch(
        f"http://127.0.0.1:{port}",
        connection_class=BoundedConnection,
        timeout=30,
        max_retries=0,
    )


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"


@pytest.mark.parametrize(
    "sends", [(), (HEAD,), (HEAD, *[b" "] * 500)], ids=["silent", "half", "dribbling"]
)
def test_a_slow_server_is_given_up_in_time(sends: tuple[bytes, ...]) -> None:
    with server(*sends, every=0.02) as port:
        slow = client(port)
        world = World(slow.info, seconds=0.3)
        began = time.monotonic()

        assert world.ask() == ("postgres", True)

        assert 0.25 <= time.monotonic() - began < 2


def test_a_server_that_is_gone_is_given_up_at_once() -> None:
    with server() as port:
        pass
    world = World(client(port).info)

    assert world.ask() == ("postgres", True)


@pytest.mark.parametrize(("status", "refusals"), [(429, 0), (503, 0), (404, 0), (502, 0), (400, 1)])
def test_reads_what_a_server_says(
    status: int, refusals: int, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = (
        f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
    )
    with server(reply.encode()) as port:
        world = World(client(port).info, seconds=5)
        assert world.ask() == ("postgres", True)

    assert capsys.readouterr().out.count('"SearchEngineRefused":[1.0]') == refusals


def test_tells_when_it_is_lost_and_when_it_is_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fallback._tell(State.OPEN)
    fallback._tell(State.HALF_OPEN)
    fallback._tell(State.CLOSED)

    said = capsys.readouterr().out
    assert said.count('"SearchEngineLost":[1.0]') == said.count('"SearchEngineBack":[1.0]') == 1
    assert '"Namespace":"Djamms"' in said


def test_a_process_has_one_breaker() -> None:
    assert fallback.search_breaker() is fallback.search_breaker()
