"""Completion: names that go on as what is typed does, and the page of names beside a search."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session as Database

from djamms.config import config
from djamms.errors import Unprocessable
from djamms.music.browse import album_reply, album_tracks_url, artist_reply, artist_tracks_url
from djamms.music.presenter import TrackPresenter
from djamms.playlists.cover_address import addresses
from djamms.search.criteria import read_criteria
from djamms.search.engine import NO_ENGINE, SearchEngine, Suggestion, Suggestions, SuggestRequest
from djamms.search.highlight import highlight_typed, plain_words
from djamms.search.kinds import Kind
from djamms.search.named_repository import Named, find_named
from djamms.search.schemas import (
    FoundPlaylist,
    SuggestionReply,
    SuggestionsReply,
    SuggestQuery,
)
from djamms.security.principal import Principal

# Beside a page of tracks.
MOST_NAMES = 10
# Of two that are as good, a name that holds more comes first.
ORDER = (Kind.ARTIST, Kind.TRACK, Kind.ALBUM, Kind.PLAYLIST)


class NamesBeside(NamedTuple):
    names: dict[str, list[Any]]
    engine: str
    degraded: bool


def read_kinds(types: str) -> list[Kind]:
    """All where none is named. Raises Unprocessable, which names the words that are unknown."""
    words = [word.strip().lower() for word in types.split(",") if word.strip()]
    unknown = [word for word in words if word not in list(Kind)]
    if unknown:
        reason = f"Unknown: {', '.join(unknown)}. Known: {', '.join(Kind)}."
        raise Unprocessable(f"types: {reason}", details=[{"field": "types", "reason": reason}])
    return [Kind(word) for word in dict.fromkeys(words)] or list(Kind)


def suggest(
    database: Database, engine: SearchEngine, *, principal: Principal, query: SuggestQuery
) -> SuggestionsReply:
    kinds = read_kinds(query.types)
    found = ask(engine, principal, query.q, kinds, query.limit)
    named = find_named(database, viewer=principal, found=found.found)
    presenter = TrackPresenter()
    shown = [
        _reply(one, named[one.kind, one.keys], query.q, presenter)
        for one in found.found
        if (one.kind, one.keys) in named
    ]
    return SuggestionsReply(
        query=query.q,
        suggestions=mixed(shown, query.q),
        engine=found.engine,
        degraded=found.degraded,
    )


def names_beside(
    database: Database, engine: SearchEngine, *, principal: Principal, phrase: str, types: str
) -> NamesBeside:
    """Artists, albums and playlists of a search, as far as they are asked for."""
    kinds = [kind for kind in read_kinds(types) if kind is not Kind.TRACK]
    if not kinds:
        return NamesBeside({"artists": [], "albums": [], "playlists": []}, NO_ENGINE, False)
    suggested = ask(engine, principal, phrase, kinds, MOST_NAMES)
    found = suggested.found
    named = find_named(database, viewer=principal, found=found)
    presenter = TrackPresenter()
    names: dict[str, list[Any]] = {
        "artists": [artist_reply(row) for row in _of(Kind.ARTIST, found, named)],
        "albums": [album_reply(row, presenter) for row in _of(Kind.ALBUM, found, named)],
        "playlists": [_found_playlist(row) for row in _of(Kind.PLAYLIST, found, named)],
    }
    return NamesBeside(names, suggested.engine, suggested.degraded)


def ask(
    engine: SearchEngine, principal: Principal, q: str, kinds: Sequence[Kind], limit: int
) -> Suggestions:
    """Signs only, or nothing: nothing is called so."""
    phrase = read_criteria(q, {}).phrase
    if not phrase:
        return Suggestions((), NO_ENGINE)
    return engine.suggest(SuggestRequest(phrase=phrase, viewer=principal, kinds=kinds, limit=limit))


def mixed(found: Sequence[SuggestionReply], q: str) -> list[SuggestionReply]:
    """What is called just so, then what has the words, then what has similar ones; in each the
    best of every kind, then the next best."""
    ranks: dict[tuple[int, str], int] = {}
    placed = []
    for one in found:
        group = _closeness(one, q), one.type
        ranks[group] = ranks.get(group, -1) + 1
        placed.append(((group[0], ranks[group], ORDER.index(Kind(one.type))), one))
    return [one for _, one in sorted(placed, key=lambda place: place[0])]


def _closeness(found: SuggestionReply, q: str) -> int:
    typed, name = plain_words(q), plain_words(found.text)
    if "".join(name) == "".join(typed):
        return 0
    words = [*name, *plain_words(found.artist or ""), "".join(name)]
    return 1 if all(any(word.startswith(one) for word in words) for one in typed) else 2


def _of(kind: Kind, found: Sequence[Suggestion], named: Named) -> list[Any]:
    return [
        named[key] for one in found if (key := (one.kind, one.keys)) in named and one.kind == kind
    ]


def _found_playlist(row: Any) -> FoundPlaylist:
    return FoundPlaylist(
        id=row.id,
        name=row.name,
        track_count=row.track_count,
        thumbnail=addresses(row.thumbnail_url)["thumbnail"],
        owner=row.owner,
        is_public=row.is_public,
    )


def _reply(found: Suggestion, row: Any, phrase: str, presenter: TrackPresenter) -> SuggestionReply:
    told: dict[str, Any]
    match found.kind:
        case Kind.ARTIST:
            told = {"track_count": row.tracks, "url": artist_tracks_url(row.name)}
        case Kind.ALBUM:
            told = {
                "artist": row.artist,
                "track_count": row.tracks,
                "thumbnail": presenter.artwork_url(row.thumbnail_key),
                "url": album_tracks_url(row.name, row.artist),
            }
        case Kind.PLAYLIST:
            told = {
                "id": row.id,
                "track_count": row.track_count,
                "thumbnail": addresses(row.thumbnail_url)["thumbnail"],
                "url": f"{config.api_base_url}/playlists/{row.id}",
            }
        case _:
            told = {
                "id": row.id,
                "artist": row.artist,
                "thumbnail": presenter.artwork_url(row.thumbnail_key),
                "url": f"{config.api_base_url}/music/tracks/{row.id}",
            }
    name = row.title if found.kind is Kind.TRACK else row.name
    empty = {"id": None, "artist": None, "track_count": None, "thumbnail": None}
    return SuggestionReply(
        type=found.kind, text=name, highlighted=highlight_typed(name, phrase), **empty | told
    )
