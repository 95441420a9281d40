"""The small library that the examples of the API's description tell of, as rows."""

from datetime import time
from uuid import UUID

from sqlalchemy.orm import Session

from djamms import clock
from djamms.api import examples
from djamms.auth.administration_examples import SESSION_ID
from djamms.auth.examples import EMAIL, REFRESH, RESET, USERNAME, WORDS
from djamms.auth.reset_mails import LIFETIME, hash_token
from djamms.config import config
from djamms.exchange.examples import IMPORT_ID, ROW, ROW_ID, SUMMARY
from djamms.models.account import PasswordReset
from djamms.models.exchange import ImportRow, PlaylistImport
from djamms.models.history import PlaylistAction, PlaylistVersion
from djamms.models.playlist import Playlist
from djamms.models.schedule import ScheduleEntry, ScheduleOverride
from djamms.models.search_analytics import RecordedSearch
from djamms.models.sharing import Collaborator, CollaboratorRole, PlaylistLink
from djamms.models.track import Track
from djamms.models.user import User
from djamms.music.examples import TRACK
from djamms.playlists.examples import (
    FRIEND,
    FRIEND_ID,
    LINK_ID,
    LINK_TOKEN,
    PLAYLIST,
    VERSION,
)
from djamms.playlists.links import hash_link_token
from djamms.playlists.repository import GAP
from djamms.scheduler.entry_examples import ENTRY
from djamms.scheduler.plan_examples import OVERRIDE_ID
from djamms.search.examples import SEARCH_ID
from djamms.security.passwords import hash_password
from djamms.security.tokens import hash_refresh_secret, parse_refresh_token
from djamms.storage.keys import ArtworkSize, artwork_key
from tests.support.factories import add_entry, add_sign_in, make_playlist, make_track, make_user

PASSWORD_HASH = hash_password(WORDS)


def make_world(session: Session) -> User:
    """Who made everything in it."""
    owner = make_user(
        session, USERNAME, email=EMAIL, password_hash=PASSWORD_HASH, id=UUID(examples.USER_ID)
    )
    _sign_in(session, owner)
    _forget_password(session, owner)
    track = make_example_track(session, examples.TRACK_ID, owner)
    other = make_example_track(session, examples.OTHER_TRACK_ID, owner)
    playlist = make_playlist(
        session,
        owner.id,
        id=UUID(examples.PLAYLIST_ID),
        name=PLAYLIST.name,
        is_public=PLAYLIST.is_public,
        version=PLAYLIST.version,
    )
    add_entry(session, playlist, track, GAP, id_=UUID(examples.ENTRY_ID))
    add_entry(session, playlist, other, 2 * GAP, id_=UUID(examples.OTHER_ENTRY_ID))
    _plan(session, playlist)
    _share(session, playlist)
    _import(session, playlist)
    return owner


def add_example_search(session: Session, searcher: User) -> None:
    """One of the caller's own, so that something of it can be opened."""
    session.add(
        RecordedSearch(
            id=UUID(SEARCH_ID),
            searched_at=clock.now(),
            searcher=searcher.id,
            query=TRACK.title.lower(),
            # The track and its artist.
            result_count=2,
            elapsed_ms=4.2,
            engine="postgres",
        )
    )
    session.flush()


def _import(session: Session, playlist: Playlist) -> None:
    """A file of which one row is in doubt."""
    report = PlaylistImport(
        id=UUID(IMPORT_ID), playlist_id=playlist.id, format=SUMMARY.format, warnings=[]
    )
    session.add(report)
    session.flush()
    session.add(
        ImportRow(
            id=UUID(ROW_ID),
            import_id=report.id,
            number=ROW.number,
            title=ROW.title,
            artist=ROW.artist,
            album=ROW.album,
            duration_seconds=ROW.duration,
            source_key="",
            keys=[],
            state=ROW.state,
            candidates=[],
        )
    )
    session.flush()


def make_example_track(session: Session, track_id: str, owner: User) -> Track:
    return make_track(
        session,
        TRACK.title,
        id=UUID(track_id),
        artist=TRACK.artist,
        album=TRACK.album,
        uploaded_by=owner.id,
        thumbnail_key=artwork_key(UUID(track_id), ArtworkSize.SMALL),
    )


def _sign_in(session: Session, owner: User) -> None:
    """With the refresh token of the examples."""
    session_id, secret = parse_refresh_token(REFRESH)
    hashed = hash_refresh_secret(secret, signing_key=config.jwt_secret)
    add_sign_in(session, owner, id=session_id, refresh_hash=hashed)


def add_example_session(session: Session, caller: User) -> None:
    """One of the caller's own, so that it can be ended."""
    add_sign_in(session, caller, id=UUID(SESSION_ID))


def _forget_password(session: Session, owner: User) -> None:
    """With the link of the examples."""
    session.add(
        PasswordReset(
            id=UUID(examples.USER_ID),
            user_id=owner.id,
            token_hash=hash_token(RESET, config.jwt_secret),
            expires_at=clock.now() + LIFETIME,
        )
    )
    session.flush()


def _share(session: Session, playlist: Playlist) -> None:
    """With somebody who edits, by a link, and with one edit of the past."""
    friend = make_user(session, FRIEND, id=UUID(FRIEND_ID))
    token_hash = hash_link_token(LINK_TOKEN)
    session.add_all(
        [
            Collaborator(playlist_id=playlist.id, user_id=friend.id, role=CollaboratorRole.EDITOR),
            PlaylistLink(id=UUID(LINK_ID), playlist_id=playlist.id, token_hash=token_hash),
            PlaylistVersion(
                playlist_id=playlist.id,
                version=VERSION,
                action=PlaylistAction.ADDED,
                changed=1,
                track_count=1,
            ),
        ]
    )
    session.flush()


def _plan(session: Session, playlist: Playlist) -> None:
    session.add(
        ScheduleEntry(
            id=UUID(ENTRY.id),
            title=ENTRY.title,
            playlist_id=playlist.id,
            selected_days=ENTRY.selected_days,
            start_time=time.fromisoformat(ENTRY.start_time),
            end_time=time.fromisoformat(ENTRY.end_time),
            timezone=ENTRY.timezone,
        )
    )
    session.add(
        ScheduleOverride(
            id=UUID(OVERRIDE_ID), playlist_id=playlist.id, starts_at=clock.now(), ends_at=None
        )
    )
    session.flush()
