"""Who searches, without knowing who: see docs/decisions/search-analytics.md."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from json import dumps
from uuid import UUID

from djamms.security.derived import derive
from djamms.security.principal import Principal

# Who asks the same again within such a time asks for another page, or has reloaded this one.
SAME_SEARCH = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a request tells of a browser: its network, its name, and a word that it may have made
    up for itself. None of it is kept."""

    network: str = ""
    agent: str = ""
    session: str = ""


NOBODY = Visitor()


@dataclass(frozen=True, slots=True)
class Searcher:
    """`pseudonym` is that of the account or, without one, of the browser; `origin` that of the
    account or of the network. Others every day."""

    user_id: UUID | None
    pseudonym: UUID
    origin: UUID

    @property
    def id(self) -> UUID:
        return self.user_id or self.pseudonym


def read_searcher(principal: Principal, visitor: Visitor, *, key: str, at: datetime) -> Searcher:
    if principal.user_id:
        own = _pseudonym(key, [str(principal.user_id)], at)
        return Searcher(principal.user_id, own, own)
    origin = _pseudonym(key, ["network", visitor.network], at)
    return Searcher(None, _pseudonym(key, _parts(visitor), at), origin)


def all_names(principal: Principal, visitor: Visitor, *, key: str, at: datetime) -> list[UUID]:
    """Under which a search of this one may stand: it may be from before midnight, from before the
    sign-in, or of an account that wants no history."""
    user = principal.user_id
    people = [_parts(visitor), *([[str(user)]] if user else [])]
    days = (at, at - timedelta(days=1))
    return [
        *([user] if user else []),
        *(_pseudonym(key, one, day) for one in people for day in days),
    ]


def search_id(
    searcher: Searcher, *, words: str, filters: Mapping[str, str], key: str, at: datetime
) -> UUID:
    """The same for all pages of a search, and for one that is sent again."""
    window = int(at.timestamp() // SAME_SEARCH.total_seconds())
    return _named(key, "search id", [str(searcher.id), words, dumps(filters), str(window)])


def _parts(visitor: Visitor) -> list[str]:
    return [visitor.network, visitor.agent, visitor.session]


def _pseudonym(key: str, parts: list[str], day: datetime) -> UUID:
    return _named(key, "searcher", [day.date().isoformat(), *parts])


def _named(key: str, purpose: str, parts: list[str]) -> UUID:
    digest = hmac.digest(derive(key, purpose), dumps(parts).encode(), sha256)
    return UUID(bytes=digest[:16], version=5)
