"""Search on OpenSearch: it finds and counts, PostgreSQL says what may be seen of it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.types import AnyRow
from djamms.search.deadline import bounded
from djamms.search.engine import (
    MOST_RESULTS,
    Explanation,
    SearchRequest,
    SearchResult,
    Suggestions,
    SuggestRequest,
)
from djamms.search.opensearch import explain, facets, near, query
from djamms.search.opensearch.client import client
from djamms.search.opensearch.correction import correction
from djamms.search.opensearch.highlights import highlights
from djamms.search.opensearch.index import ALIAS
from djamms.search.opensearch.limits import limits
from djamms.search.opensearch.near import Near
from djamms.search.opensearch.order import order
from djamms.search.opensearch.query import Clause
from djamms.search.opensearch.replies import Reply, whole
from djamms.search.opensearch.suggest import suggest
from djamms.search.rows_repository import hydrate
from djamms.search.words import Word, asked

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

# Of one question, where nothing else limits it.
PATIENCE_SECONDS = 2.0


class OpenSearchEngine:
    name = "opensearch"

    def __init__(
        self, database: Database, *, node: "OpenSearch | None" = None, alias: str = ALIAS
    ) -> None:
        self._database, self._alias, self._given = database, alias, node

    @property
    def _node(self) -> "OpenSearch":
        """Made by the first question: what is wrong with its settings is a failure like others."""
        return self._given or client()

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
        return found if len(known) == 1 else NOTHING

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
        seconds, cancels = limits(PATIENCE_SECONDS)
        ask = partial(
            self._node.search,
            index=self._alias,
            body=body,
            params=cancels,
            request_timeout=seconds,
        )
        return whole(bounded(ask))

    def _result(self, request: SearchRequest, words: Sequence[Word], found: Reply) -> SearchResult:
        hits = found["hits"]["hits"]
        tracks = hydrate(self._database, viewer=request.viewer, ids=_ids(hits))
        total = _total(found)
        return SearchResult(
            tracks=tracks,
            total=total,
            total_is_exact=found["hits"]["total"]["relation"] == "eq",
            facets=facets.read(found.get("aggregations", {})),
            faceted_tracks=total,
            did_you_mean=correction(words, self._best(request, found, tracks)),
            engine=self.name,
            highlights=highlights(words, tracks) if request.highlights else {},
            explanations=_explained(words, hits, tracks) if request.explains else {},
        )

    def _best(
        self, request: SearchRequest, found: Reply, tracks: Sequence[AnyRow]
    ) -> AnyRow | None:
        """The same on every page and in every order."""
        if _begins_with_the_best(request):
            return next(iter(tracks), None)
        hits = found.get("aggregations", {}).get("best", {}).get("of", {}).get("hits", NO_HITS)
        rows = hydrate(self._database, viewer=request.viewer, ids=_ids(hits["hits"]))
        return next(iter(rows), None)


def _explained(
    words: Sequence[Word], hits: Sequence[Reply], tracks: Sequence[AnyRow]
) -> Mapping[UUID, Explanation]:
    """Of the tracks that are shown."""
    found = explain.explanations(words, hits, clock.now())
    return {track.id: found[track.id] for track in tracks}


NONE = {"value": 0, "relation": "eq"}
NO_HITS: Reply = {"hits": []}
NOTHING: Reply = {"hits": {**NO_HITS, "total": NONE}}


def _ids(hits: Sequence[Reply]) -> list[str]:
    """What hits are sorted by ends with it, so that nothing has to be fetched."""
    return [hit["sort"][-1] for hit in hits]


def _begins_with_the_best(request: SearchRequest) -> bool:
    return not request.offset and request.sort is None


def _total(found: Reply) -> int:
    total: int = found["hits"]["total"]["value"]
    return total


def _body(request: SearchRequest, wanted: Clause | None) -> dict[str, Any]:
    criteria, guest = request.criteria.tracks, request.viewer.is_guest
    narrowing = facets.faceted(criteria)
    matching = facets.unfaceted(criteria, only_public=guest)
    needed = explain.NEEDED if request.explains else ()
    body: dict[str, Any] = {
        "query": _scored(wanted, matching),
        "aggs": facets.counts(narrowing),
        "sort": order(request.sort, scored=wanted is not None),
        **_page(request),
        "track_total_hits": MOST_RESULTS,
        "track_scores": request.explains and wanted is not None,
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": list(needed),
    }
    if wanted is not None and not _begins_with_the_best(request):
        body["aggs"]["best"] = _best_of(narrowing)
    if narrowing:
        body["post_filter"] = {"bool": {"filter": list(narrowing.values())}}
    return body


def _best_of(narrowing: Mapping[str, Clause]) -> Clause:
    ranked = {"size": 1, "sort": order(None, scored=True), "_source": False}
    best = {"top_hits": ranked}
    return {"filter": {"bool": {"filter": list(narrowing.values())}}, "aggs": {"of": best}}


def _page(request: SearchRequest) -> dict[str, int]:
    start = min(request.offset, MOST_RESULTS)
    size = min(request.limit, MOST_RESULTS - start)
    return {"from": start if size else 0, "size": size}


def _scored(wanted: Clause | None, matching: Sequence[Clause]) -> Clause:
    if wanted is None:
        return {"bool": {"filter": list(matching)}}
    return {
        "function_score": {
            "query": {"bool": {"must": [wanted], "filter": list(matching)}},
            "functions": explain.functions(clock.now()),
            "score_mode": "sum",
            "boost_mode": "sum",
        }
    }
