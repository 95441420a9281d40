"""What hangs on an account goes in steps: the driver waits ten seconds for a statement."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Executable, delete, not_, select, update
from sqlalchemy.orm import Session as Database

from djamms.auth.user_repository import passes_on
from djamms.db.types import AnyRow
from djamms.models.library import PlaybackEvent, SearchEvent
from djamms.models.playlist import Playlist, PlaylistEntry
from djamms.models.track import Track
from djamms.models.user import User
from djamms.search.analytics.unlink_repository import unlinked

# A track is counted and indexed anew with each change, and a playlist has its entries.
TRACKS, ENTRIES, EVENTS, PLAYLISTS = 1000, 20_000, 10_000, 20


def lock_due(database: Database, *, now: datetime) -> User | None:
    """The account that has been due for longest, unless someone is at it."""
    due = select(User).where(User.erase_after <= now).order_by(User.erase_after).limit(1)
    return database.scalar(due.with_for_update(skip_locked=True))


def let_go(database: Database, user_id: UUID) -> Sequence[AnyRow]:
    """One step, and what went: nothing when there is little enough left to go with the account
    itself. Playlists have a `thumbnail_url`."""
    return next((gone for step in _steps(user_id) if (gone := _run(database, step))), ())


def _steps(user_id: UUID) -> Iterator[Executable]:
    uploads = select(Track.id).where(Track.uploaded_by == user_id).limit(TRACKS)
    yield update(Track).where(Track.id.in_(uploads)).values(uploaded_by=None).returning(Track.id)
    added = select(PlaylistEntry.id).where(PlaylistEntry.added_by == user_id).limit(ENTRIES)
    theirs = update(PlaylistEntry).where(PlaylistEntry.id.in_(added))
    yield theirs.values(added_by=None).returning(PlaylistEntry.id)
    for event in (PlaybackEvent, SearchEvent):
        some = select(event.id).where(event.user_id == user_id).limit(EVENTS)
        yield delete(event).where(event.id.in_(some)).returning(event.id)
    yield unlinked(user_id)
    playlists = select(Playlist.id).where(Playlist.owner_id == user_id, not_(passes_on()))
    these = Playlist.id.in_(playlists.limit(PLAYLISTS))
    yield delete(Playlist).where(these).returning(Playlist.id, Playlist.thumbnail_url)


def _run(database: Database, step: Executable) -> Sequence[AnyRow]:
    options = {"synchronize_session": False}
    return database.execute(step, execution_options=options).all()


def erase(database: Database, user: User) -> None:
    """For good. What is left goes with the row, by the foreign keys of the schema."""
    database.delete(user)
    database.flush()
