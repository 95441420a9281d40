"""How fast documents come into OpenSearch: all of them anew, and those that changed."""

import time
from dataclasses import dataclass

from sqlalchemy import create_engine, text

from bench.setting import Setting

CHANGED = 20_000
PATIENCE_SECONDS = 600.0
LOOK_SECONDS = 0.02
CHANGE = (
    "UPDATE tracks SET year = coalesce(year, 2000) + 1 WHERE id IN (SELECT id FROM tracks LIMIT :n)"
)
LEFT = "SELECT count(*) FROM search_outbox"


@dataclass(frozen=True, slots=True)
class Speed:
    documents: int
    seconds: float

    @property
    def per_second(self) -> float:
        return round(self.documents / self.seconds)


def reindex(setting: Setting) -> Speed:
    """A whole index beside the one that serves, and the alias moved to it."""
    began = time.perf_counter()
    found = setting.stack.job("reindex")
    return Speed(int(found["documents"]), time.perf_counter() - began)


def outbox(setting: Setting) -> Speed:
    """From the commit of many changes until none waits. The sweeper wakes the indexer."""
    engine = create_engine(setting.stack.database_url.split("?")[0])
    try:
        with engine.begin() as connection:
            connection.execute(text(CHANGE), {"n": CHANGED})
        began = time.perf_counter()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            documents = connection.scalar(text(LEFT)) or 0
            while connection.scalar(text(LEFT)):
                if time.perf_counter() - began > PATIENCE_SECONDS:
                    raise TimeoutError("the outbox does not get empty")
                time.sleep(LOOK_SECONDS)
        return Speed(documents, time.perf_counter() - began)
    finally:
        engine.dispose()
