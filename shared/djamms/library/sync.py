"""A client's own lists and those that are here, as one: nothing that either has is lost."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.library import sync_repository as repository
from djamms.library.repository import take_turns
from djamms.library.schemas import (
    MOST_LOCAL,
    LocalLibrary,
    LocalPlay,
    MergedFavorite,
    MergedLibrary,
    MergedPlay,
    MergedSearch,
    MergedStar,
    UnknownIds,
    as_uuid,
)
from djamms.library.sync_repository import FAVORITES, PLAYS, SEARCHES, STARS
from djamms.security.principal import Principal

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

type Dated = tuple[str, datetime | None]


def merge(database: Database, *, principal: Principal, local: LocalLibrary) -> MergedLibrary:
    """Removals first, so that what was added after them is there."""
    assert principal.user_id is not None  # the route is for accounts
    me, now = principal.user_id, clock.now()
    take_turns(database, me)
    tracks, playlists = _known(database, principal, local)
    gone = local.removed
    removed = _newest(((one.track_id, one.removed_at) for one in gone.favorites), tracks, now)
    unstarred = ((one.playlist_id, one.removed_at) for one in gone.starred_playlists)
    favorites = _newest(((one.track_id, one.added_at) for one in local.favorites), tracks, now)
    stars = ((one.playlist_id, one.added_at) for one in local.starred_playlists)
    repository.remove(database, me, FAVORITES, removed)
    repository.remove(database, me, STARS, _newest(unstarred, playlists, now))
    repository.add(database, me, FAVORITES, favorites)
    repository.add(database, me, STARS, _newest(stars, playlists, now))
    repository.add_plays(database, me, _plays(local.recently_played, tracks, now))
    repository.add_searches(database, me, _searches(local, now))
    return _merged(database, me, _unknown(local, tracks, playlists))


def _known(
    database: Database, principal: Principal, local: LocalLibrary
) -> tuple[set[UUID], set[UUID]]:
    played = [one.track_id for one in local.recently_played]
    favorites = [one.track_id for one in local.favorites]
    favorites += [one.track_id for one in local.removed.favorites]
    stars = [one.playlist_id for one in local.starred_playlists]
    stars += [one.playlist_id for one in local.removed.starred_playlists]
    return (
        repository.known_tracks(database, principal=principal, ids=_ids(played + favorites)),
        repository.known_playlists(database, principal=principal, ids=_ids(stars)),
    )


def _ids(texts: Iterable[str]) -> list[UUID]:
    return [one for text in dict.fromkeys(texts) if (one := as_uuid(text))]


def _newest(dated: Iterable[Dated], known: set[UUID], now: datetime) -> dict[UUID, datetime]:
    """Of what is named more than once the last time."""
    found: dict[UUID, datetime] = {}
    for text, at in dated:
        one = as_uuid(text)
        if one in known:
            found[one] = max(found.get(one, EARLIEST), _possible(at, now))
    return found


def _possible(at: datetime | None, now: datetime) -> datetime:
    """Clocks of clients are wrong at times."""
    return max(EARLIEST, min(at or now, now))


def _plays(plays: Iterable[LocalPlay], known: set[UUID], now: datetime) -> list[dict[str, object]]:
    return [
        {
            "id": str(one),
            "at": _possible(play.played_at, now).isoformat(),
            "seconds": play.duration_played,
            "source": play.source,
        }
        for play in plays
        if (one := as_uuid(play.track_id)) in known
    ]


def _searches(local: LocalLibrary, now: datetime) -> dict[str, datetime]:
    found: dict[str, tuple[str, datetime]] = {}
    for one in local.search_history:
        at = _possible(one.searched_at, now)
        key = one.query.lower()
        if key not in found or found[key][1] < at:
            found[key] = (one.query, at)
    return dict(found.values())


def _unknown(local: LocalLibrary, tracks: set[UUID], playlists: set[UUID]) -> UnknownIds:
    def of(texts: Iterable[str], known: set[UUID]) -> list[str]:
        return [text for text in dict.fromkeys(texts) if as_uuid(text) not in known]

    return UnknownIds(
        favorites=of((one.track_id for one in local.favorites), tracks),
        starred_playlists=of((one.playlist_id for one in local.starred_playlists), playlists),
        recently_played=of((one.track_id for one in local.recently_played), tracks),
    )


def _merged(database: Database, user_id: UUID, unknown: UnknownIds) -> MergedLibrary:
    favorites, stars, plays, searches = (
        repository.newest(database, user_id, where, limit=MOST_LOCAL)
        for where in (FAVORITES, STARS, PLAYS, SEARCHES)
    )
    return MergedLibrary(
        favorites=[MergedFavorite(track_id=one, added_at=at) for one, at in favorites],
        starred_playlists=[MergedStar(playlist_id=one, added_at=at) for one, at in stars],
        recently_played=[MergedPlay(track_id=one, played_at=at) for one, at in plays],
        search_history=[MergedSearch(query=query, searched_at=at) for query, at in searches],
        unknown=unknown,
    )
