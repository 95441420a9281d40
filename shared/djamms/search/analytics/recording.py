"""Every search is recorded, after its reply is made and before it leaves."""

from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.config import config
from djamms.db.session import after_commit
from djamms.search.analytics import record_repository
from djamms.search.analytics.record_repository import Record
from djamms.search.analytics.searcher import Searcher, Visitor, read_searcher, search_id
from djamms.search.criteria import read_criteria
from djamms.search.schemas import SearchQuery
from djamms.security.principal import Principal

LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Recording:
    """Begun with the search. `id` is None where nothing was asked for: that is no search."""

    id: UUID | None
    searcher: Searcher
    query: SearchQuery
    at: datetime
    started: float

    @classmethod
    def begin(cls, principal: Principal, visitor: Visitor, query: SearchQuery) -> "Recording":
        now, key = clock.now(), config.jwt_secret
        searcher = read_searcher(principal, visitor, key=key, at=now)
        words, filters = counted_words(query.q), asked_filters(query)
        named = (
            search_id(searcher, words=words, filters=filters, key=key, at=now)
            if words or filters
            else None
        )
        return cls(named, searcher, query, now, perf_counter())

    def end(self, database: Database, *, total: int, engine: str, degraded: bool) -> None:
        """Once the reply is made: what follows does not count as time that it took."""
        if self.id is None:
            return
        one = Record(
            id=self.id,
            user_id=self.searcher.user_id,
            pseudonym=self.searcher.pseudonym,
            origin=self.searcher.origin,
            phrase=read_criteria(self.query.q, {}).phrase,
            words=counted_words(self.query.q),
            filters=asked_filters(self.query),
            total=total,
            page=self.query.page,
            elapsed_ms=(perf_counter() - self.started) * 1000,
            engine=engine,
            degraded=degraded,
            at=self.at,
        )
        after_commit(database, lambda: record_repository.write(one))


def counted_words(q: str) -> str:
    """Case and spaces make no other query."""
    return " ".join(q.replace("\0", " ").casefold().split())[:LONGEST_QUERY]


def asked_filters(query: SearchQuery) -> dict[str, str]:
    """JSON in the database holds no NUL."""
    asked = query.filters().items()
    return {name: value.replace("\0", " ") for name, value in asked if value}
