from collections.abc import Iterable, Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, false, or_, select, true
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow, AnySelect
from djamms.models.track import CANCELLED, Track, Upload
from djamms.security.principal import Principal

# What a reply shows; the raw tags and the search vector are large and stay behind.
TRACK_COLUMNS = (
    Track.id,
    Track.title,
    Track.artist,
    Track.album,
    Track.genre,
    Track.duration_seconds,
    Track.year,
    Track.bitrate_kbps,
    Track.size_bytes,
    Track.thumbnail_key,
    Track.popularity,
    Track.play_count,
    Track.rating,
    Track.created_at,
    Track.updated_at,
    Track.source,
    Track.explicit,
    Track.bpm,
    Track.musical_key,
    Track.isrc,
    Track.track_number,
    Track.disc_number,
    Track.is_public,
)

# Of one track, all there is.
DETAIL_COLUMNS = (
    *TRACK_COLUMNS,
    Track.artists,
    Track.album_artist,
    Track.genres,
    Track.tags,
    Track.composer,
    Track.label,
    Track.raw_metadata,
)


def visible_to(principal: Principal) -> ColumnElement[bool]:
    """Guests see what is public; everyone with an account sees all that is active."""
    return shown(principal.is_guest)


def shown(only_public: bool) -> ColumnElement[bool]:
    return and_(Track.is_active, Track.is_public) if only_public else and_(Track.is_active)


def hidden_from_others(principal: Principal) -> ColumnElement[bool]:
    """What a moderator hid, for who uploaded it and for moderators."""
    return and_(Track.hidden_at.is_not(None), _withheld_but_known(principal))


def _withheld_but_known(principal: Principal) -> ColumnElement[bool]:
    mine = Track.uploaded_by == principal.user_id if principal.user_id else false()
    return and_(Track.deleted_at.is_(None), true() if principal.moderates else mine)


def may_know_of(principal: Principal) -> ColumnElement[bool]:
    """Whether a track may be spoken of to the caller, be it there or deleted."""
    return and_(Track.is_public) if principal.is_guest else true()


def editable_by(principal: Principal) -> ColumnElement[bool]:
    """One's own uploads; moderators edit any."""
    mine = Track.uploaded_by == principal.user_id if principal.user_id else false()
    anything = true() if principal.moderates else false()
    return Track.is_active & or_(mine, anything)


def visible_ids(
    database: Database, *, principal: Principal, track_ids: Sequence[UUID]
) -> set[UUID]:
    """Those of the tracks that exist and can be seen."""
    wanted = select(Track.id).where(Track.id.in_(set(track_ids)), visible_to(principal))
    return set(database.scalars(wanted))


def find_track(database: Database, *, principal: Principal, track_id: UUID) -> AnyRow | None:
    statement = _one_track(only_public=principal.is_guest)
    return database.execute(statement, {"track_id": track_id}).first()


def find_withheld(database: Database, *, principal: Principal, track_id: UUID) -> AnyRow | None:
    """What a moderator hid or the bucket lost, for who uploaded it and for moderators."""
    withheld = or_(Track.hidden_at.is_not(None), Track.missing_since.is_not(None))
    wanted = (Track.id == track_id, withheld, _withheld_but_known(principal))
    return database.execute(select(*DETAIL_COLUMNS, Track.hidden_at).where(*wanted)).first()


# Made once: to put such a statement together costs more than to run it.
@cache
def _one_track(*, only_public: bool) -> AnySelect:
    return select(*DETAIL_COLUMNS).where(Track.id == bindparam("track_id"), shown(only_public))


def find_tracks(
    database: Database, *, principal: Principal, track_ids: Sequence[UUID]
) -> list[AnyRow]:
    """Those that can be seen, in the order asked for."""
    statement = select(*TRACK_COLUMNS).where(Track.id.in_(track_ids), visible_to(principal))
    found = {row.id: row for row in database.execute(statement)}
    return [found[track_id] for track_id in track_ids if track_id in found]


def find_object_key(database: Database, *, track_id: UUID, only_public: bool) -> str | None:
    """Where the audio of an active track lies."""
    return database.scalar(_object_key(only_public=only_public), {"track_id": track_id})


@cache
def _object_key(*, only_public: bool) -> AnySelect:
    return select(Track.object_key).where(Track.id == bindparam("track_id"), shown(only_public))


def add_uploads(database: Database, uploads: Iterable[Upload]) -> None:
    database.add_all(uploads)
    database.flush()


def find_upload(database: Database, *, principal: Principal, upload_id: UUID) -> Upload | None:
    """Not one that was taken back."""
    standing = Upload.failure_code.is_distinct_from(CANCELLED)
    return database.scalar(
        select(Upload).where(Upload.id == upload_id, concerns(principal), standing)
    )


def lock_upload(database: Database, *, principal: Principal, upload_id: UUID) -> Upload | None:
    """Waits for `ingest` where that is at work on it."""
    return database.scalar(
        select(Upload).where(Upload.id == upload_id, concerns(principal)).with_for_update()
    )


def concerns(principal: Principal) -> ColumnElement[bool]:
    """An upload is the business of the person who made it, and of moderators."""
    mine = Upload.uploaded_by == principal.user_id if principal.user_id else false()
    everyone = true() if principal.moderates else false()
    return or_(mine, everyone)
