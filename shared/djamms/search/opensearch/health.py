"""How the search engine is, asked at most every few seconds."""

import time
from dataclasses import dataclass
from functools import cache
from typing import Literal

from djamms.observability import logger
from djamms.search.deadline import within
from djamms.search.opensearch.client import client
from djamms.search.opensearch.index import ALIAS

KEPT_SECONDS = 5.0
PATIENCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Health:
    """`cluster_status` is null where it does not answer, `documents` also where there is no index
    yet."""

    cluster_status: Literal["green", "yellow", "red"] | None
    documents: int | None
    elapsed_ms: float

    @property
    def is_reachable(self) -> bool:
        return self.cluster_status is not None


class Watch:
    """The last answer, and until when it is good."""

    def __init__(self) -> None:
        self._health, self._until = Health(None, None, 0.0), 0.0

    def read(self) -> Health:
        if time.monotonic() >= self._until:
            self._health = ask(ALIAS)
            self._until = time.monotonic() + KEPT_SECONDS
        return self._health


@cache
def watch() -> Watch:
    return Watch()


def ask(alias: str) -> Health:
    """Waits a second at most. Reads only: no more than its function may."""
    started = time.perf_counter()
    status = documents = None
    try:
        with within(PATIENCE_SECONDS):
            status = client().cluster.health()["status"]
            elapsed = time.perf_counter() - started
            documents = int(client().cat.count(index=alias, format="json")[0]["count"])
    except Exception as error:  # noqa: BLE001 -- whatever it is, there is no answer
        logger.warning("search_engine_unhealthy", extra={"reason": type(error).__name__})
        elapsed = time.perf_counter() - started
    return Health(status, documents, round(elapsed * 1000, 2))
