"""Filters of a search, and counts of what each of them could be set to."""

from collections.abc import Mapping
from typing import Any

from djamms.music.criteria import Bounds, TrackFilter
from djamms.search.engine import FacetCount
from djamms.search.opensearch.query import Clause
from djamms.search.words import plain

FACET_VALUES = 20
# Half open: from, to.
LENGTHS = [
    {"key": "short", "to": 180},
    {"key": "medium", "from": 180, "to": 301},
    {"key": "long", "from": 301},
]
AT_LEAST = [{"key": str(kbps), "from": kbps} for kbps in (128, 192, 256, 320)]
COUNTS: dict[str, dict[str, Any]] = {
    "genre": {"terms": {"field": "genre", "size": FACET_VALUES}},
    "artist": {"terms": {"field": "artist.keyword", "size": FACET_VALUES}},
    "year": {"histogram": {"field": "year", "interval": 10, "min_doc_count": 1}},
    "duration": {"range": {"field": "duration", "ranges": LENGTHS}},
    "bitrate": {"range": {"field": "bitrate", "ranges": AT_LEAST}},
    "tags": {"terms": {"field": "tags", "size": FACET_VALUES}},
    "key": {"terms": {"field": "key", "size": FACET_VALUES}},
    "bpm": {"histogram": {"field": "bpm", "interval": 10, "min_doc_count": 1}},
}


def faceted(criteria: TrackFilter) -> dict[str, Clause]:
    """What narrows, by the facet that leaves it out."""
    clauses: dict[str, Clause] = {}
    if criteria.genre:
        clauses["genre"] = {"term": {"genres": criteria.genre}}
    if criteria.artist:
        clauses["artist"] = _contains("artist.plain", plain(criteria.artist))
    if criteria.key:
        clauses["key"] = {"term": {"key.lower": criteria.key}}
    if criteria.tags:
        keys = [{"term": {"tags.key": tag}} for tag in criteria.tags]
        clauses["tags"] = {"bool": {"filter": keys}}
    ranges = {
        "year": criteria.year,
        "duration": criteria.duration_seconds,
        "bitrate": criteria.bitrate_kbps,
        "bpm": criteria.bpm,
    }
    return clauses | {name: _between(name, bounds) for name, bounds in ranges.items() if bounds}


def unfaceted(criteria: TrackFilter, *, only_public: bool) -> list[Clause]:
    clauses: list[Clause] = [{"term": {"kind": "track"}}]
    if only_public:
        clauses.append({"term": {"is_public": True}})
    if criteria.popularity:
        clauses.append(_between("popularity", criteria.popularity))
    return clauses


def counts(narrowing: Mapping[str, Clause]) -> dict[str, Any]:
    """Each facet counts what all filters but its own leave."""
    return {name: _counted(name, count, narrowing) for name, count in COUNTS.items()}


def read(found: Mapping[str, Any]) -> dict[str, list[FacetCount]]:
    facets = {name: _values(name, found[name]) for name in COUNTS if name in found}
    return {name: values for name, values in facets.items() if values}


def _counted(name: str, count: Clause, narrowing: Mapping[str, Clause]) -> Clause:
    others = [clause for other, clause in narrowing.items() if other != name]
    if not others:
        return count
    return {"filter": {"bool": {"filter": others}}, "aggs": {"values": count}}


def _values(name: str, found: Mapping[str, Any]) -> list[FacetCount]:
    buckets = found.get("values", found)["buckets"]
    values = [
        FacetCount(_word(name, bucket["key"]), bucket["doc_count"])
        for bucket in buckets
        if bucket["doc_count"]
    ]
    return sorted(values, key=lambda one: (-one.tracks, one.value))[:FACET_VALUES]


def _word(name: str, key: Any) -> str:
    match name:
        case "year":
            return f"{int(key)}s"
        case "bpm":
            return f"{int(key)}-{int(key) + 9}"
        case _:
            return str(key)


def _between(field: str, bounds: Bounds) -> Clause:
    ends = {"gte": bounds.lowest, "lte": bounds.highest}
    return {"range": {field: {name: end for name, end in ends.items() if end is not None}}}


def _contains(field: str, part: str) -> Clause:
    escaped = "".join(f"\\{one}" if one in "*?\\" else one for one in part)
    return {"wildcard": {field: {"value": f"*{escaped}*"}}}
