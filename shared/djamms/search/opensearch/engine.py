"""Search on OpenSearch: it finds and counts, PostgreSQL says what may be seen of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.search.engine import (
    MOST_RESULTS,
    SearchRequest,
    SearchResult,
    Suggestions,
    SuggestRequest,
)
from djamms.search.opensearch import facets, near, query
from djamms.search.opensearch.client import client
from djamms.search.opensearch.correction import correction
from djamms.search.opensearch.index import ALIAS
from djamms.search.opensearch.near import Near
from djamms.search.opensearch.query import Clause
from djamms.search.opensearch.suggest import suggest
from djamms.search.opensearch.words import Word, asked
from djamms.search.rows import hydrate

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

# Of one search, which may ask up to three times.
PATIENCE_SECONDS = 2.0
# What popularity (0 to 100) and being new add to the score of the words.
POPULARITY, FRESHNESS, FRESH_FOR = 0.001, 0.02, timedelta(days=60)

type Reply = Mapping[str, Any]


class OpenSearchEngine:
    name = "opensearch"

    def __init__(
        self, database: Database, *, node: "OpenSearch | None" = None, alias: str = ALIAS
    ) -> None:
        self._database, self._alias = database, alias
        self._node = node or client()

    def search(self, request: SearchRequest) -> SearchResult:
        """As typed; when that finds nothing, each word in another way; then with one less."""
        words = asked(request.criteria.phrase)
        if not words:
            return self._result(request, words, self._ask(request, None))
        return self._result(request, words, self._find(request, words))

    def _find(self, request: SearchRequest, words: Sequence[Word]) -> Reply:
        explains = request.explains
        found = self._ask(request, query.strict(words, named=explains))
        close: Near = {}
        for known_too in (False, True):
            if not _total(found):
                close = self._near(words, known_too=known_too)
                found = self._ask(request, query.wide(words, close, named=explains))
        if not _total(found) and len(query.required(words)) > 1:
            found = self._ask_loosely(request, words, close)
        return found

    def _near(self, words: Sequence[Word], *, known_too: bool) -> Near:
        return near.read(self._send(near.asks(words, known_too=known_too)))

    def suggest(self, request: SuggestRequest) -> Suggestions:
        return Suggestions(suggest(self._node, self._alias, request), self.name)

    def _ask_loosely(self, request: SearchRequest, words: Sequence[Word], close: Near) -> Reply:
        """Of two words one may be missing only if the library lacks it."""
        wanted = query.wide(words, close, named=request.explains, missing=1)
        if len(query.required(words)) > 2:
            return self._ask(request, wanted)
        single = query.alone(words, close)
        found = self._ask(request, wanted, also=single)
        known = [one for one in single if found["aggregations"][one]["doc_count"]]
        return found if len(known) == 1 else {"hits": {"hits": [], "total": NONE}}

    def _ask(
        self,
        request: SearchRequest,
        wanted: Clause | None,
        also: Mapping[str, Clause] | None = None,
    ) -> Reply:
        body = _body(request, wanted)
        for name, clause in (also or {}).items():
            body["aggs"][name] = {"filter": clause}
        return self._send(body)

    def _send(self, body: dict[str, Any]) -> Reply:
        reply: Reply = self._node.search(
            index=self._alias, body=body, request_timeout=PATIENCE_SECONDS
        )
        return reply

    def _result(self, request: SearchRequest, words: Sequence[Word], found: Reply) -> SearchResult:
        hits = found["hits"]["hits"]
        ids = [hit["fields"]["id"][0] for hit in hits]
        tracks = hydrate(self._database, viewer=request.viewer, ids=ids)
        total = _total(found)
        return SearchResult(
            tracks=tracks,
            total=total,
            total_is_exact=found["hits"]["total"]["relation"] == "eq",
            facets=facets.read(found.get("aggregations", {})),
            faceted_tracks=total,
            did_you_mean=correction(words, tracks) if words else None,
            engine=self.name,
        )


NONE = {"value": 0, "relation": "eq"}


def _total(found: Reply) -> int:
    total: int = found["hits"]["total"]["value"]
    return total


def _body(request: SearchRequest, wanted: Clause | None) -> dict[str, Any]:
    criteria, guest = request.criteria.tracks, request.viewer.is_guest
    narrowing = facets.faceted(criteria)
    matching = facets.unfaceted(criteria, only_public=guest)
    start = min(request.offset, MOST_RESULTS)
    body: dict[str, Any] = {
        "query": _scored(wanted, matching),
        "aggs": facets.counts(narrowing),
        "sort": _order(wanted),
        "from": start if start < MOST_RESULTS else 0,
        "size": min(request.limit, MOST_RESULTS - start),
        "track_total_hits": MOST_RESULTS,
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["id"],
    }
    if narrowing:
        body["post_filter"] = {"bool": {"filter": list(narrowing.values())}}
    return body


def _order(wanted: Clause | None) -> list[dict[str, str]]:
    best = [{"_score": "desc"}] if wanted else []
    return [*best, {"popularity": "desc"}, {"id": "asc"}]


def _scored(wanted: Clause | None, matching: Sequence[Clause]) -> Clause:
    if wanted is None:
        return {"bool": {"filter": list(matching)}}
    today = clock.now().replace(minute=0, second=0, microsecond=0)
    scale = f"{FRESH_FOR.days}d"
    return {
        "function_score": {
            "query": {"bool": {"must": [wanted], "filter": list(matching)}},
            "functions": [
                {"field_value_factor": {"field": "popularity", "factor": POPULARITY, "missing": 0}},
                {
                    "gauss": {"added": {"origin": today.isoformat(), "scale": scale}},
                    "weight": FRESHNESS,
                },
            ],
            "score_mode": "sum",
            "boost_mode": "sum",
        }
    }
