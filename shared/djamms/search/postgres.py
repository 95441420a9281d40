"""Search on PostgreSQL alone: the vocabulary says what a word may stand for, the index has it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.music.criteria import TrackFilter
from djamms.music.list_repository import Start, count_of_genre, page_by_number
from djamms.music.sorting import DEFAULT_SORT
from djamms.search import repository
from djamms.search.criteria import SearchCriteria
from djamms.search.engine import (
    MOST_RESULTS,
    FacetCount,
    SearchRequest,
    SearchResult,
    Suggestions,
    SuggestRequest,
)
from djamms.search.explain import explain
from djamms.search.facet_repository import FACET_VALUES
from djamms.search.filters import IS_PUBLIC, Filters, read_filters
from djamms.search.kinds import Kind
from djamms.search.plan import TOGETHER, Plan, plan, required, seen_last
from djamms.search.repository import Found, Look, Window
from djamms.search.suggest_names_repository import find_names
from djamms.search.suggest_tracks_repository import RANKED, find_tracks
from djamms.search.tokens import Token, correction

# Matches are read, ranked and counted by blocks of so many, the most popular first. What a block
# costs is what the broadest search costs.
BLOCK = 350
# So many matches of words, or of a part of an artist's name, are counted, where the vocabulary says
# that there may be no more; of others it is only said that they fill a block. Filters alone are
# counted up to the last result.
MOST_COUNTED = 500
# To look at so many tracks takes too long.
FAR_REACH = 30_000


class Total(NamedTuple):
    total: int
    is_exact: bool


class PostgresEngine:
    name = "postgres"

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(self, request: SearchRequest) -> SearchResult:
        """As typed; when that finds nothing, with other words for each word; then with one less."""
        filters = self._filters(request)
        tokens = self._look_up(request)
        result = self._find(request, filters, tokens)
        if not result.total and any(token.is_known for token in tokens):
            wider = self._look_up(request, widely=True)
            result = self._find(request, filters, wider)
        if not result.total and _can_be_looser(tokens):
            result = self._find(request, filters, tokens, loosely=True)
        return result

    def suggest(self, request: SuggestRequest) -> Suggestions:
        with_tracks = Kind.TRACK in request.kinds
        found = find_names(
            self._database,
            phrase=request.phrase,
            viewer=request.viewer,
            kinds=request.kinds,
            limit=request.limit,
            enough=RANKED if with_tracks else None,
        )
        names = found.names
        if with_tracks:
            names += find_tracks(
                self._database, words=found.words, viewer=request.viewer, limit=request.limit
            )
        return Suggestions(names, self.name)

    def _filters(self, request: SearchRequest) -> Filters:
        filters = read_filters(request.criteria.tracks, only_public=request.viewer.is_guest)
        if filters.artist:
            filters.values["artist_name"] = filters.artist
            filters.artist_reach = repository.artist_reach(
                self._database, name=filters.artist, only_public=request.viewer.is_guest
            )
        return filters

    def _look_up(self, request: SearchRequest, *, widely: bool = False) -> list[Token]:
        if not request.criteria.phrase:
            return []
        found = repository.look_up(
            self._database,
            phrase=request.criteria.phrase,
            only_public=request.viewer.is_guest,
            enough=BLOCK,
            widely=widely,
        )
        return [Token.read(token) for token in found]

    def _find(
        self,
        request: SearchRequest,
        filters: Filters,
        tokens: Sequence[Token],
        *,
        loosely: bool = False,
    ) -> SearchResult:
        look = _look(tokens, filters, loosely=loosely)
        wanted = look.plan
        kept = self._kept_total(request, filters, wanted)
        most = MOST_RESULTS if request.sort else _most_counted(wanted, tokens, filters)
        is_listed = request.sort is not None and _is_genre_alone(request)
        end = kept.total if kept and _is_genre_alone(request) else MOST_RESULTS
        others = _others(request.criteria.tracks, filters)
        found = repository.find(
            self._database,
            look=look,
            others={name: _look(tokens, other, loosely=loosely) for name, other in others.items()},
            values=filters.values,
            window=_sorted_window(request)
            if request.sort and not is_listed
            else _window(request, 0 if is_listed else end, most_counted=0 if kept else most),
            sort=None if is_listed else request.sort,
        )
        tracks = self._listed(request) if is_listed else found.tracks
        explained = explain(self._database, request, tracks, tokens, wanted)
        certain = 0 if filters.narrow else min(wanted.certain, MOST_RESULTS)
        total, is_exact = kept or _total(found.total, most, certain)
        return SearchResult(
            tracks=tracks,
            total=total,
            total_is_exact=is_exact,
            facets=_facets(found),
            faceted_tracks=min(found.total, BLOCK),
            did_you_mean=correction(tokens) if found.corrects else None,
            engine=self.name,
            highlights=explained.highlights,
            explanations=explained.explanations,
        )

    def _listed(self, request: SearchRequest) -> Sequence[AnyRow]:
        """All of a genre in its order, by the indexes that lists have."""
        return page_by_number(
            self._database,
            principal=request.viewer,
            criteria=request.criteria.tracks,
            sort=request.sort or DEFAULT_SORT,
            start=Start(request.offset),
            limit=request.limit,
        )

    def _kept_total(self, request: SearchRequest, filters: Filters, wanted: Plan) -> Total | None:
        """Where a count is kept, nothing need be counted."""
        genre = request.criteria.tracks.genre
        if genre and _is_genre_alone(request):
            guest = request.viewer.is_guest
            return Total(count_of_genre(self._database, key=genre, only_public=guest), True)
        if 0 < wanted.certain <= MOST_RESULTS and wanted.certain_is_all and not filters.narrow:
            return Total(wanted.certain, True)
        return None


def _most_counted(wanted: Plan, tokens: Sequence[Token], filters: Filters) -> int:
    """Counting reads the index of every match, wherever the track lies: of a frequent word at a
    million tracks that takes longer than the search."""
    if not tokens:
        return MOST_COUNTED if filters.artist else MOST_RESULTS
    together = TOGETHER if len(required(tokens)) > 1 or filters.narrow else 1
    return MOST_COUNTED if (wanted.reach or 0) <= MOST_COUNTED * together else BLOCK


def _total(found: int, most: int, certain: int) -> Total:
    """The same for each page, though a later one finds more."""
    return Total(found, True) if found < most else Total(max(most, certain), False)


def _is_genre_alone(request: SearchRequest) -> bool:
    criteria = request.criteria
    return criteria == SearchCriteria(tracks=TrackFilter(genre=criteria.tracks.genre))


# What a facet's own filter is called among the filters.
OWN_FILTERS: dict[str, str] = {
    "genre": "genre",
    "artist": "artist",
    "year": "year",
    "duration": "duration_seconds",
    "bitrate": "bitrate_kbps",
    "tags": "tags",
    "key": "key",
    "bpm": "bpm",
}


def _others(criteria: TrackFilter, filters: Filters) -> dict[str, Filters]:
    """For each facet whose own filter is given, all filters but that."""
    only_public = IS_PUBLIC in filters.conditions
    others = {}
    for facet, name in OWN_FILTERS.items():
        if getattr(criteria, name):
            without: dict[str, Any] = {name: () if name == "tags" else None}
            rest = replace(criteria, **without)
            others[facet] = read_filters(rest, only_public=only_public)
            others[facet].artist_reach = filters.artist_reach
    return others


def _look(tokens: Sequence[Token], filters: Filters, *, loosely: bool) -> Look:
    wanted = plan(tokens, filters=filters.terms, enough=BLOCK, loosely=loosely)
    return Look(*_with_artist(wanted, filters))


def _with_artist(wanted: Plan, filters: Filters) -> tuple[Plan, list[str]]:
    """Whether the artist's name leads to the rows, or is looked at in those that are found."""
    if not filters.artist:
        return wanted, filters.conditions
    most = FAR_REACH if wanted.reach is None else min(wanted.reach, FAR_REACH)
    if filters.artist_reach is not None and filters.artist_reach < most:
        return seen_last(wanted), [*filters.conditions, repository.ARTIST_LIKE]
    return wanted, [*filters.conditions, repository.ARTIST_CONTAINS]


def _window(request: SearchRequest, end: int, *, most_counted: int) -> Window:
    """The blocks that hold the page; none but the first lies behind the end."""
    skipped = request.offset // BLOCK * BLOCK
    end = min(request.offset + request.limit, end)
    return Window(
        size=max(-(-end // BLOCK), 1) * BLOCK if request.offset < end else BLOCK,
        block=BLOCK,
        skipped=skipped,
        offset=request.offset - skipped,
        limit=max(end - request.offset, 0),
        most_counted=most_counted,
    )


def _sorted_window(request: SearchRequest) -> Window:
    """All that can be reached is looked at, whatever the page."""
    end = min(request.offset + request.limit, MOST_RESULTS)
    return Window(
        size=BLOCK,
        block=BLOCK,
        skipped=0,
        offset=request.offset,
        limit=max(end - request.offset, 0),
        most_counted=MOST_RESULTS,
    )


def _facets(found: Found) -> dict[str, list[FacetCount]]:
    facets: defaultdict[str, list[FacetCount]] = defaultdict(list)
    for kind, value, tracks in found.facets:
        facets[kind].append(FacetCount(value, tracks))
    return {kind: _most_frequent(values) for kind, values in facets.items()}


def _most_frequent(values: list[FacetCount]) -> list[FacetCount]:
    return sorted(values, key=lambda facet: (-facet.tracks, facet.value))[:FACET_VALUES]


def _can_be_looser(tokens: Sequence[Token]) -> bool:
    needed = required(tokens)
    found = sum(token.is_found for token in needed)
    return len(needed) > 2 or 0 < found < len(needed)
