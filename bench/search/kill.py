"""The node is killed while people search, and comes back."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.search.outage import Clients, Outage, outage
from tests.support.stack import LocalStack

NODE = "opensearch"
CLIENTS = 16
# Before the kill, and after the first answer of the node that is back.
CALM_SECONDS = 3.0
BACK_SECONDS = 180.0
LOOK_SECONDS = 0.05


@dataclass(slots=True)
class Killing:
    """Runs beside the clients. `since`: the kill; `back`: when the node is healthy again."""

    stack: LocalStack
    since: float = 0.0
    back: float = 0.0

    def __call__(self, clients: Clients) -> None:
        wait(lambda: any(_is_served(one.engine) for one in clients.answers), "it never answered")
        time.sleep(CALM_SECONDS)
        killed = self.stack.services()[NODE]
        self.since = time.monotonic()
        os.kill(killed, signal.SIGKILL)
        wait(lambda: self.stack.services().get(NODE) not in (None, killed), "it is not back")
        self.back = time.monotonic()
        time.sleep(CALM_SECONDS)


def kill_node(stack: LocalStack, requests: list[bytes]) -> Outage:
    clients = Clients(stack.port, requests, CLIENTS)
    killing = Killing(stack)
    clients.run_beside(killing)
    found = outage(clients.answers, since=killing.since, back=killing.back)
    # Sixteen who search without a pause leave a node that starts on two cores no time to answer.
    one = Clients(stack.port, requests, 1)
    one.run_beside(lambda asked: wait(lambda: _is_recovered(asked), "it answers no more"))
    return replace(found, recovery_seconds=time.monotonic() - killing.back)


def _is_recovered(clients: Clients) -> bool:
    last = clients.last()
    return last is not None and _is_served(last.engine) and not last.degraded


def _is_served(engine: str) -> bool:
    return engine == NODE


def wait(happened: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + BACK_SECONDS
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(LOOK_SECONDS)
