"""Completion on OpenSearch: for each kind its best names, in one request.

Whole words, beginnings of words and both with a slip: the beginnings are terms of the index
(`index_prefixes`), so that one letter is one term, and a half-typed word is searched like a word.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from djamms.search.engine import Suggestion, SuggestRequest
from djamms.search.kinds import Kind
from djamms.search.opensearch.analysis import PART_LETTERS
from djamms.search.opensearch.limits import limits
from djamms.search.opensearch.query import Clause, constant, halves, required
from djamms.search.opensearch.replies import whole
from djamms.search.words import Word, asked, joined
from djamms.security.principal import Principal

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

PATIENCE_SECONDS = 1.0
# Where words are looked for, and what they are worth there.
FIELDS: Mapping[Kind, Mapping[str, float]] = {
    Kind.TRACK: {"title": 1.0, "artist": 0.5},
    Kind.ARTIST: {"title": 1.0},
    Kind.ALBUM: {"title": 1.0},
    Kind.PLAYLIST: {"title": 1.0},
}
EXACT, PREFIX, JOINED, SLIP = 1.0, 0.7, 0.6, 0.2
# The name is just what was typed, or goes on so.
WHOLE, BEGUN = 5.0, 0.5
# What popularity (0 to 100) adds.
POPULARITY = 0.008
SHORTEST_SLIPPED = 4
# Beginnings of so many letters are terms of their own.
LONGEST_BEGINNING = 10
MOST_SLIPS = 50


def suggest(node: "OpenSearch", alias: str, request: SuggestRequest) -> list[Suggestion]:
    words = asked(request.phrase)
    if not words or not request.kinds:
        return []
    return _ask(node, alias, request, words) or _ask(node, alias, request, words, halved=True)


def _ask(
    node: "OpenSearch",
    alias: str,
    request: SuggestRequest,
    words: Sequence[Word],
    *,
    halved: bool = False,
) -> list[Suggestion]:
    """`halved`: each word may be two, in different names of a track."""
    seconds, cancels = limits(PATIENCE_SECONDS)
    lines: list[dict[str, Any]] = []
    for kind in request.kinds:
        lines += [cancels, _body(kind, words, request, halved=halved)]
    found = node.msearch(index=alias, body=lines, request_timeout=seconds)
    replies = found["responses"]
    return [
        Suggestion(kind=kind, keys=_keys(kind, hit), score=hit["_score"])
        for kind, reply in zip(request.kinds, replies, strict=True)
        for hit in _hits(reply)
    ]


def _hits(reply: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Raises opensearchpy.TransportError for one of several requests that failed."""
    if "error" in reply:
        from opensearchpy import TransportError  # takes a quarter of a second

        raise TransportError(reply.get("status", 500), str(reply["error"].get("type")), reply)
    hits: Sequence[Mapping[str, Any]] = whole(reply)["hits"]["hits"]
    return hits


def _keys(kind: Kind, hit: Mapping[str, Any]) -> tuple[str, ...]:
    """The id, which hits are sorted by, of what has no keys."""
    if kind is Kind.ALBUM:
        return tuple(hit["_source"]["keys"])
    return tuple(hit["fields"]["keys"]) if kind is Kind.ARTIST else (hit["sort"][-1],)


def _body(
    kind: Kind, words: Sequence[Word], request: SuggestRequest, *, halved: bool
) -> dict[str, Any]:
    filters: list[Clause] = [{"term": {"kind": kind}}, *_visible(kind, request.viewer)]
    wanted = {"bool": {"must": [_named(words, FIELDS[kind], halved=halved)], "filter": filters}}
    return {
        "query": {
            "function_score": {
                "query": wanted,
                "field_value_factor": {"field": "popularity", "factor": POPULARITY, "missing": 0},
                "boost_mode": "sum",
            }
        },
        "sort": [{"_score": "desc"}, {"popularity": "desc"}, {"id": "asc"}],
        "track_scores": True,
        "track_total_hits": False,
        "size": request.limit,
        **_fetched(kind),
    }


def _fetched(kind: Kind) -> dict[str, Any]:
    """Of an album from the document itself: a column of the index forgets the order of values."""
    if kind is Kind.ALBUM:
        return {"_source": ["keys"]}
    columns = ["keys"] if kind is Kind.ARTIST else []
    return {"_source": False, "stored_fields": "_none_", "docvalue_fields": columns}


def _visible(kind: Kind, viewer: Principal) -> list[Clause]:
    public: Clause = {"term": {"is_public": True}}
    if viewer.is_guest:
        return [public]
    if kind is not Kind.PLAYLIST or viewer.is_admin:
        return []
    own: Clause = {"term": {"readers": str(viewer.user_id)}}
    return [{"bool": {"should": [public, own]}}]


def _named(words: Sequence[Word], fields: Mapping[str, float], *, halved: bool) -> Clause:
    """Every word in some way, or the name from its start as if it were one word."""
    whole = joined(words)
    begun: Clause = {"prefix": {"title.name": whole}}
    needed = [_word(word, len(words), fields, halved=halved) for word in required(words)]
    every: Clause = {"bool": {"must": needed}}
    return {
        "bool": {
            "should": [
                every,
                constant(begun, BEGUN),
                constant({"term": {"title.name": whole}}, WHOLE),
            ],
            "minimum_should_match": 1,
        }
    }


def _word(word: Word, words: int, fields: Mapping[str, float], *, halved: bool) -> Clause:
    ways = [
        constant(clause, worth * weight / words)
        for field, weight in fields.items()
        for clause, worth in _ways(field, word)
    ]
    if halved and (clause := halves(word.text)):
        ways.append(constant(clause, JOINED / words))
    return {"dis_max": {"queries": ways}}


def _ways(field: str, word: Word) -> list[tuple[Clause, float]]:
    if word.is_cjk:
        grams: list[Clause] = [{"term": {field: gram}} for gram in word.grams]
        return [({"bool": {"filter": grams}}, EXACT)]
    ways: list[tuple[Clause, float]] = [
        ({"term": {field: word.text}}, EXACT),
        ({"prefix": {field: word.text}}, PREFIX),
    ]
    if len(word.text) >= PART_LETTERS:
        ways.append(({"term": {f"{field}.joined": word.text}}, JOINED))
    if len(word.text) >= SHORTEST_SLIPPED:
        # Whole words are among the beginnings, unless they are longer.
        if len(word.text) <= LONGEST_BEGINNING:
            ways.append((_slipped(f"{field}._index_prefix", word.text), SLIP))
        if len(word.text) >= LONGEST_BEGINNING:
            ways.append((_slipped(field, word.text), SLIP))
    return ways


def _slipped(field: str, text: str) -> Clause:
    near = {"value": text, "fuzziness": 1, "max_expansions": MOST_SLIPS, "transpositions": True}
    return {"fuzzy": {field: near}}
