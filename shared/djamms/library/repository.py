"""Favorites, stars and histories of one person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow, AnySelect
from djamms.library.pages import Window
from djamms.models.favorite import Favorite
from djamms.models.library import LibraryRemoval, PlaybackEvent, SearchEvent, StarredPlaylist
from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.music.repository import (
    TRACK_COLUMNS,
    hidden_from_others,
    may_know_of,
    visible_to,
)
from djamms.playlists.access_repository import readable_by
from djamms.search.analytics.unlink_repository import unlink
from djamms.security.principal import Principal

type Column = InstrumentedAttribute[Any]


def list_favorites(database: Database, *, principal: Principal, window: Window) -> Sequence[AnyRow]:
    """Missing tracks too."""
    found = _tracks(principal, Favorite.created_at, Favorite.id)
    wanted = found.join(Track, Track.id == Favorite.track_id).where(*_favorites(principal))
    return _read(database, wanted, window, Favorite.created_at, Favorite.id)


def count_favorites(database: Database, *, principal: Principal) -> int:
    wanted = select(func.count()).select_from(Favorite).where(*_favorites(principal))
    if principal.is_guest:  # others may know of every track
        wanted = wanted.join(Track, Track.id == Favorite.track_id)
    return database.scalar(wanted) or 0


def list_history(database: Database, *, principal: Principal, window: Window) -> Sequence[AnyRow]:
    """Missing tracks too."""
    found = _tracks(principal, PlaybackEvent.played_at, PlaybackEvent.id).add_columns(
        PlaybackEvent.duration_played_seconds, PlaybackEvent.source.label("played_from")
    )
    wanted = found.join(Track, Track.id == PlaybackEvent.track_id).where(*_history(principal))
    return _read(database, wanted, window, PlaybackEvent.played_at, PlaybackEvent.id)


def count_history(database: Database, *, principal: Principal) -> int:
    wanted = select(func.count()).select_from(PlaybackEvent).where(*_history(principal))
    if principal.is_guest:  # others may know of every track
        wanted = wanted.join(Track, Track.id == PlaybackEvent.track_id)
    return database.scalar(wanted) or 0


def list_hidden(database: Database, *, principal: Principal, window: Window) -> Sequence[AnyRow]:
    wanted = _tracks(principal, Track.hidden_at, Track.id).where(*_hidden(principal))
    return _read(database, wanted, window, Track.hidden_at, Track.id)


def count_hidden(database: Database, *, principal: Principal) -> int:
    wanted = select(func.count()).select_from(Track).where(*_hidden(principal))
    return database.scalar(wanted) or 0


def list_stars(database: Database, *, principal: Principal, window: Window) -> Sequence[AnyRow]:
    found = select(
        StarredPlaylist.playlist_id,
        StarredPlaylist.created_at.label("at"),
        StarredPlaylist.id.label("row_id"),
    )
    wanted = found.join(Playlist, Playlist.id == StarredPlaylist.playlist_id)
    wanted = wanted.where(*_stars(principal))
    return _read(database, wanted, window, StarredPlaylist.created_at, StarredPlaylist.id)


def count_stars(database: Database, *, principal: Principal) -> int:
    joined = select(func.count()).select_from(StarredPlaylist)
    wanted = joined.join(Playlist, Playlist.id == StarredPlaylist.playlist_id)
    return database.scalar(wanted.where(*_stars(principal))) or 0


def list_searches(database: Database, *, principal: Principal, window: Window) -> Sequence[AnyRow]:
    wanted = select(
        SearchEvent.query,
        SearchEvent.filters,
        SearchEvent.result_count,
        SearchEvent.searched_at.label("at"),
        SearchEvent.id.label("row_id"),
    ).where(SearchEvent.user_id == principal.user_id)
    return _read(database, wanted, window, SearchEvent.searched_at, SearchEvent.id)


def count_searches(database: Database, *, principal: Principal) -> int:
    mine = SearchEvent.user_id == principal.user_id
    return database.scalar(select(func.count()).select_from(SearchEvent).where(mine)) or 0


def clear_searches(database: Database, *, principal: Principal) -> int:
    """How many there were. What is recorded of them beside the history stays, as nobody's."""
    if principal.user_id:
        unlink(database, principal.user_id)
    cleared = database.scalars(
        delete(SearchEvent)
        .where(SearchEvent.user_id == principal.user_id)
        .returning(SearchEvent.id)
        .execution_options(synchronize_session=False)
    )
    return len(cleared.all())


def add_favorite(
    database: Database, *, principal: Principal, track_id: UUID, now: datetime
) -> datetime | None:
    """Since when it is one; None where the track was not one yet and cannot be seen."""
    seen = select(Track.id).where(Track.id == track_id, visible_to(principal))
    return _keep(database, Favorite, Favorite.track_id, track_id, seen, principal, now)


def add_star(
    database: Database, *, principal: Principal, playlist_id: UUID, now: datetime
) -> datetime | None:
    """Since when it is starred; None where it was not yet and cannot be read."""
    seen = select(Playlist.id).where(Playlist.id == playlist_id, readable_by(principal))
    starred = StarredPlaylist.playlist_id
    return _keep(database, StarredPlaylist, starred, playlist_id, seen, principal, now)


def _keep(
    database: Database,
    model: type[Favorite | StarredPlaylist],
    column: Column,
    thing_id: UUID,
    seen: AnySelect,
    principal: Principal,
    now: datetime,
) -> datetime | None:
    if database.scalar(seen) is not None:
        values = {"user_id": principal.user_id, column.key: thing_id, "created_at": now}
        database.execute(insert(model).values(values).on_conflict_do_nothing())
    mine = (model.user_id == principal.user_id, column == thing_id)
    return database.scalar(select(model.created_at).where(*mine))


def remove_favorite(
    database: Database, *, principal: Principal, track_id: UUID, now: datetime
) -> bool:
    """Whether it was one."""
    return _take_back(database, Favorite, Favorite.track_id, track_id, principal, now)


def remove_star(
    database: Database, *, principal: Principal, playlist_id: UUID, now: datetime
) -> bool:
    """Whether it was starred."""
    starred = StarredPlaylist.playlist_id
    return _take_back(database, StarredPlaylist, starred, playlist_id, principal, now)


def _take_back(
    database: Database,
    model: type[Favorite | StarredPlaylist],
    column: Column,
    thing_id: UUID,
    principal: Principal,
    now: datetime,
) -> bool:
    take_turns(database, principal.user_id)
    mine = (model.user_id == principal.user_id, column == thing_id)
    gone = database.scalar(
        delete(model).where(*mine).returning(model.id).execution_options(synchronize_session=False)
    )
    if gone is not None:
        values = {"user_id": principal.user_id, "thing_id": thing_id, "removed_at": now}
        noted = insert(LibraryRemoval).values(values)
        database.execute(
            noted.on_conflict_do_update(
                index_elements=[LibraryRemoval.user_id, LibraryRemoval.thing_id],
                set_={LibraryRemoval.removed_at: now},
            )
        )
    return gone is not None


def take_turns(database: Database, user_id: UUID | None) -> None:
    """Until the end of the transaction: what one device of a person takes back, another one that
    merges at the same moment must not bring."""
    lock = "SELECT pg_advisory_xact_lock(hashtextextended(CAST(:name AS text), 0))"
    database.execute(text(lock), {"name": f"library {user_id}"})


def _tracks(principal: Principal, at: Column, row_id: Column) -> AnySelect:
    return select(
        *TRACK_COLUMNS,
        visible_to(principal).label("is_visible"),
        hidden_from_others(principal).label("is_hidden"),
        at.label("at"),
        row_id.label("row_id"),
    )


def _read(
    database: Database, statement: AnySelect, window: Window, at: Column, row_id: Column
) -> Sequence[AnyRow]:
    if window.after is not None:
        moment, last = window.after
        statement = statement.where(or_(at < moment, and_(at == moment, row_id > last)))
    ordered = statement.order_by(at.desc(), row_id)
    return database.execute(ordered.offset(window.offset).limit(window.limit)).all()


def _favorites(principal: Principal) -> tuple[ColumnElement[bool], ...]:
    return Favorite.user_id == principal.user_id, may_know_of(principal)


def _history(principal: Principal) -> tuple[ColumnElement[bool], ...]:
    mine = PlaybackEvent.user_id == principal.user_id
    return mine, PlaybackEvent.track_id.is_not(None), may_know_of(principal)


def _hidden(principal: Principal) -> tuple[ColumnElement[bool], ...]:
    return Track.uploaded_by == principal.user_id, hidden_from_others(principal)


def _stars(principal: Principal) -> tuple[ColumnElement[bool], ...]:
    return StarredPlaylist.user_id == principal.user_id, readable_by(principal)
