"""Rows with sensible values, for tests that need one to be there."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from djamms import clock
from djamms.config import config
from djamms.models.playlist import Playlist, PlaylistEntry
from djamms.models.track import Track
from djamms.models.user import Role, User
from djamms.models.user import Session as SignIn
from djamms.security.passwords import hash_password
from djamms.security.permissions import PERMISSIONS
from djamms.security.tokens import hash_refresh_secret, issue_access_token

PASSWORD = "correct horse battery"
PASSWORD_HASH = hash_password(PASSWORD)


def make_user(
    session: Session, username: str = "ada", role: Role = Role.USER, **values: Any
) -> User:
    usual = {
        "id": uuid4(),
        "email": f"{username.lower()}@example.test",
        "password_hash": PASSWORD_HASH,
    }
    user = User(username=username, role=role, **{**usual, **values})
    session.add(user)
    session.flush()
    return user


def sign_in(session: Session, user: User, *, now: datetime | None = None) -> str:
    """An access token of a live session."""
    moment = now or clock.now()
    signed_in = add_sign_in(session, user, expires_at=moment + config.refresh_lifetime)
    return issue_access_token(
        user,
        session_id=signed_in.id,
        permissions=PERMISSIONS[Role(user.role)],
        signing_key=config.jwt_secret,
        now=moment,
        lifetime=config.jwt_lifetime,
    )


def add_sign_in(session: Session, user: User, **values: Any) -> SignIn:
    usual = {
        "id": uuid4(),
        "refresh_hash": hash_refresh_secret("unused", signing_key=config.jwt_secret),
        "expires_at": clock.now() + config.refresh_lifetime,
    }
    signed_in = SignIn(user_id=user.id, **{**usual, **values})
    session.add(signed_in)
    session.flush()
    return signed_in


def make_track(session: Session, title: str = "Blue Train", **values: Any) -> Track:
    track_id = values.pop("id", None) or uuid4()
    track = Track(
        id=track_id,
        **{
            "title": title,
            "artist": "John Coltrane",
            "album": "Blue Train",
            "genre": "Jazz",
            "duration_seconds": 643,
            "year": 1957,
            "bitrate_kbps": 320,
            "size_bytes": 25_700_000,
            "object_key": f"audio/2026/01/john-coltrane/blue-train/{track_id}.mp3",
            "content_type": "audio/mpeg",
            **values,
        },
    )
    session.add(track)
    session.flush()
    return track


def make_playlist(session: Session, owner_id: UUID | None, **values: Any) -> Playlist:
    usual = {"id": uuid4(), "name": "Evening"}
    playlist = Playlist(owner_id=owner_id, **{**usual, **values})
    session.add(playlist)
    session.flush()
    return playlist


def add_entry(
    session: Session, playlist: Playlist, track: Track, order_key: int, *, id_: UUID | None = None
) -> PlaylistEntry:
    entry = PlaylistEntry(
        id=id_ or uuid4(), playlist_id=playlist.id, track_id=track.id, order_key=order_key
    )
    session.add(entry)
    playlist.track_count += 1
    playlist.total_duration_seconds += track.duration_seconds
    session.flush()
    return entry
