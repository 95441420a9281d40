"""What one does with rules: try them, be kept from editing their choice, make it a plain list."""

from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.errors import Unprocessable
from djamms.models.history import PlaylistAction
from djamms.models.playlist import Playlist
from djamms.playlists import history, repository, rule_based, rules_repository
from djamms.playlists.rewind import Undo
from djamms.playlists.rule_conditions_repository import View, as_owner
from djamms.playlists.rule_replies import RulesPreview
from djamms.playlists.rules import MOST_TRACKS, RuleLimit, Rules
from djamms.playlists.schemas import MAX_ORDERED_AT_ONCE, PlaylistReply
from djamms.playlists.service import get_playlist, lock
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
    _fill(database, principal, playlist, rules, made_by=principal.user_id)
    return get_playlist(database, principal=principal, playlist_id=playlist_id)


def freeze_personal(database: Database, *, owner_id: UUID) -> None:
    """Public playlists that would speak of whoever owns them next, before they pass on: as their
    owner saw them. Of more tracks than such a playlist takes, the first stay."""
    principal = as_owner(owner_id)
    for playlist in rules_repository.lock_public_with_rules(database, owner_id=owner_id):
        rules = Rules.model_validate(playlist.rules)
        if not rules.are_personal:
            continue
        tracks, _ = rule_based.count_now(database, principal, playlist, rules)
        if tracks > MAX_ORDERED_AT_ONCE:
            rules = rules.model_copy(update={"limit": RuleLimit(tracks=MOST_TRACKS)})
        _fill(database, principal, playlist, rules, made_by=None)


def _fill(
    database: Database,
    principal: Principal,
    playlist: Playlist,
    rules: Rules,
    *,
    made_by: UUID | None,
) -> None:
    view = rule_based.view_of(playlist)
    added = rules_repository.add_entries(
        database, playlist_id=playlist.id, principal=principal, rules=rules, view=view
    )
    before, playlist.rules = playlist.rules, None
    repository.recount(database, playlist)
    history.record(
        database,
        made_by=made_by,
        playlist=playlist,
        action=PlaylistAction.FROZEN,
        changed=len(added),
        undo=Undo(added=added, fields={"rules": before}),
        # Nobody edits a list that passes on: its picture shows the same tracks.
        renews_cover=made_by is not None,
    )
    database.flush()
