"""What one does with rules: try them, be kept from editing their choice, make it a plain list."""

from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.errors import Unprocessable
from djamms.models.playlist import Playlist
from djamms.playlists import repository, rule_based, rules_repository
from djamms.playlists.rule_conditions_repository import View
from djamms.playlists.rule_replies import RulesPreview
from djamms.playlists.rules import Rules
from djamms.playlists.schemas import MAX_ORDERED_AT_ONCE, PlaylistReply
from djamms.playlists.service import get_playlist, lock, touch
from djamms.security.principal import Principal

PREVIEWED = 20


def preview(database: Database, *, principal: Principal, rules: Rules) -> RulesPreview:
    """What a playlist of the caller's with these rules would hold. Raises Unprocessable."""
    rule_based.check_rules(database, principal, rules)
    view = View(principal.user_id, clock.now())
    tracks, seconds = rules_repository.count_tracks(
        database, principal=principal, rules=rules, view=view
    )
    first = rules_repository.list_tracks(
        database, principal=principal, rules=rules, view=view, offset=0, limit=PREVIEWED
    )
    return RulesPreview(track_count=tracks, duration=seconds, tracks=rule_based.entries(first))


def lock_by_hand(database: Database, *, principal: Principal, playlist_id: UUID) -> Playlist:
    """As `lock`, for edits of entries. Raises NotFound, Forbidden, Unprocessable."""
    playlist = lock(database, principal=principal, playlist_id=playlist_id)
    if playlist.rules is not None:
        raise Unprocessable(
            "This playlist fills itself by rules. Change its rules, or freeze it first to edit "
            "its tracks by hand."
        )
    return playlist


def freeze(database: Database, *, principal: Principal, playlist_id: UUID) -> PlaylistReply:
    """Its tracks as they are now, from here on edited by hand. Raises NotFound, Forbidden,
    Unprocessable."""
    playlist = lock(database, principal=principal, playlist_id=playlist_id)
    rules = rule_based.rules_of(playlist)
    if rules is None:
        raise Unprocessable("This playlist has no rules: there is nothing to freeze.")
    tracks, _ = rule_based.count_now(database, principal, playlist, rules)
    if tracks > MAX_ORDERED_AT_ONCE:
        raise Unprocessable(
            f"The rules choose {tracks} tracks, and a playlist that is edited by hand takes "
            f"{MAX_ORDERED_AT_ONCE}: give them a limit first."
        )
    view = rule_based.view_of(playlist)
    rules_repository.add_entries(
        database, playlist_id=playlist.id, principal=principal, rules=rules, view=view
    )
    playlist.rules = None
    repository.recount(database, playlist)
    touch(playlist)
    database.flush()
    return get_playlist(database, principal=principal, playlist_id=playlist_id)
