"""Playlists that fill themselves: what their rules choose is computed when it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.types import AnyRow
from djamms.errors import Conflict, Forbidden, Unprocessable
from djamms.models.playlist import Playlist
from djamms.models.user import Role
from djamms.music.presenter import TrackPresenter
from djamms.playlists import covers_repository, rules_repository
from djamms.playlists.cover_orders import LOOKED_AT, VIEWER, order_mosaic
from djamms.playlists.repository import Hidden
from djamms.playlists.rule_conditions import PlaylistCondition, TextCondition
from djamms.playlists.rule_conditions_repository import View
from djamms.playlists.rules import Rules
from djamms.playlists.schemas import PlaylistTrack
from djamms.security.principal import GUEST_PRINCIPAL, Principal

# For the total of a page that is not the last: how old a count may be.
FRESH_SECONDS = 30.0
MOST_COUNTS = 2000
# Words that are looked for in every track: no index helps once some of them are joined by `any`.
# Asked here and not of the model, which also reads what was stored before.
MOST_SEARCHED, LONGEST_SEARCHED = 10, 100
SEARCHED = frozenset({"contains", "notContains", "startsWith"})
type Counts = tuple[int, int]
_counted: dict[tuple[UUID, int, bool], tuple[float, Counts]] = {}


def rules_of(playlist: Playlist) -> Rules | None:
    return None if playlist.rules is None else Rules.model_validate(playlist.rules)


def view_of(playlist: Playlist) -> View:
    return View(playlist.owner_id, clock.now())


def check_by_hand(playlist: Playlist) -> None:
    """For edits of entries. Raises Unprocessable for a playlist that fills itself."""
    if playlist.rules is not None:
        raise Unprocessable(
            "This playlist fills itself by rules. Change its rules, or freeze it first to edit "
            "its tracks by hand."
        )


def check_rules(database: Database, principal: Principal, rules: Rules) -> None:
    """Raises Unprocessable for what would take too long, and for a playlist that cannot be read, or
    that has rules itself."""
    _check_effort(rules)
    named = {one.value for one in rules.conditions() if isinstance(one, PlaylistCondition)}
    if not named:
        return
    known = rules_repository.lists_by_hand(database, owner_id=principal.user_id, playlist_ids=named)
    if unknown := named - known:
        reason = "inPlaylist names a playlist that does not exist or that has rules itself"
        raise Unprocessable(
            f"{reason}.",
            details=[{"field": "rules", "reason": f"{reason}: {one}"} for one in sorted(unknown)],
        )


def _check_effort(rules: Rules) -> None:
    words = [
        one.value
        for one in rules.conditions()
        if isinstance(one, TextCondition) and one.op in SEARCHED
    ]
    if len(words) > MOST_SEARCHED:
        raise _refused(f"at most {MOST_SEARCHED} conditions are of {', '.join(sorted(SEARCHED))}")
    if any(len(word) > LONGEST_SEARCHED for word in words):
        raise _refused(f"what a text contains is at most {LONGEST_SEARCHED} characters long")


def count_now(database: Database, principal: Principal, playlist: Playlist, rules: Rules) -> Counts:
    """Kept for a moment, for the pages that follow."""
    counts = rules_repository.count_tracks(
        database, principal=principal, rules=rules, view=view_of(playlist)
    )
    if len(_counted) >= MOST_COUNTS:
        _counted.clear()
    _counted[_key(principal, playlist)] = (monotonic(), counts)
    return counts


def hidden_now(
    database: Database, principal: Principal, playlist: Playlist, rules: Rules
) -> Hidden:
    """What the stored counts say too much (or, below zero, too little)."""
    return _difference(playlist, count_now(database, principal, playlist, rules))


def _kept(principal: Principal, playlist: Playlist) -> Counts | None:
    at, counts = _counted.get(_key(principal, playlist), (0.0, (0, 0)))
    return counts if at > monotonic() - FRESH_SECONDS else None


def _key(principal: Principal, playlist: Playlist) -> tuple[UUID, int, bool]:
    return playlist.id, playlist.version, principal.is_guest


def _difference(playlist: Playlist, counts: Counts) -> Hidden:
    tracks, seconds = counts
    return Hidden(playlist.track_count - tracks, playlist.total_duration_seconds - seconds)


def set_rules(database: Database, principal: Principal, playlist: Playlist, rules: Rules) -> None:
    """Of a new playlist. Raises Unprocessable."""
    check_rules(database, principal, rules)
    playlist.rules = rules.stored()
    store_counts(database, playlist)
    database.flush()
    order_mosaic(database, playlist.id)


def with_rules(
    database: Database, principal: Principal, playlist: Playlist, changes: dict[str, Any]
) -> dict[str, Any]:
    """The changes of a playlist, its rules as they are stored. Raises Unprocessable."""
    if changes["rules"] is None and playlist.rules is not None:
        raise _refused("freeze a playlist to make it an ordinary one")
    if changes["rules"] is not None and playlist.rules is None:
        raise _refused("this playlist is filled by hand: make a new one with these rules")
    if changes["rules"] is None:
        return changes
    rules = Rules.model_validate(changes["rules"])
    if (stored := rules.stored()) != playlist.rules:
        check_owner(principal, playlist, stored)
        check_rules(database, principal, rules)
    return changes | {"rules": stored}


def check_owner(principal: Principal, playlist: Playlist, stored: dict[str, Any] | None) -> None:
    """Rules that tell what the owner likes, heard or may read are the owner's alone to set: they
    answer whoever reads the playlist. Raises Forbidden."""
    is_owner = playlist.owner_id is not None and principal.user_id == playlist.owner_id
    if not is_owner and stored is not None and Rules.model_validate(stored).are_personal:
        raise Forbidden(
            "Only its owner gives a playlist rules with favorite, lastPlayed or inPlaylist."
        )


def check_passes_on(playlist: Playlist) -> None:
    """To another owner. Raises Conflict for rules that would then tell of them."""
    rules = rules_of(playlist)
    if rules and rules.are_personal:
        raise Conflict(
            "Rules with favorite, lastPlayed or inPlaylist would speak of the new owner: freeze "
            "the playlist first, or change its rules."
        )


def _refused(reason: str) -> Unprocessable:
    return Unprocessable(f"rules: {reason}.", details=[{"field": "rules", "reason": reason}])


def store_counts(database: Database, playlist: Playlist) -> None:
    """For lists of playlists, which show what everyone sees who may see the playlist; and the
    artworks that a mosaic may be made of."""
    if rules := rules_of(playlist):
        counts = count_now(database, viewer_of(playlist), playlist, rules)
        playlist.track_count, playlist.total_duration_seconds = counts
        renew_candidates(database, playlist, rules)


def recount(database: Database, playlist: Playlist) -> None:
    """As `store_counts`, for what changed without an edit: it is no new version."""
    if rules := rules_of(playlist):
        counts = count_now(database, viewer_of(playlist), playlist, rules)
        rules_repository.keep_counts(database, playlist, counts)


def viewer_of(playlist: Playlist) -> Principal:
    """Lists show one count: what everyone sees who may see the playlist."""
    if playlist.is_public:
        return GUEST_PRINCIPAL
    return Principal(user_id=playlist.owner_id, role=Role.USER)


def renew_candidates(database: Database, playlist: Playlist, rules: Rules) -> bool:
    """The artworks that a mosaic may be made of; whether they are others than before."""
    first = rows(database, VIEWER, playlist, rules, offset=0, limit=LOOKED_AT)
    keys = [row.thumbnail_key for row in first if row.thumbnail_key]
    return covers_repository.keep_candidates(database, playlist_id=playlist.id, keys=keys)


def rows(
    database: Database,
    principal: Principal,
    playlist: Playlist,
    rules: Rules,
    *,
    offset: int,
    limit: int,
) -> Sequence[AnyRow]:
    return rules_repository.list_tracks(
        database,
        principal=principal,
        rules=rules,
        view=view_of(playlist),
        offset=offset,
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    tracks: list[PlaylistTrack]
    total: int
    has_more: bool


def list_tracks(
    database: Database,
    principal: Principal,
    playlist: Playlist,
    rules: Rules,
    *,
    offset: int,
    limit: int,
) -> Chosen:
    """A page. The last one knows how many there are; for the others a count of a moment ago will
    do: to count may cost ten times as much as the page."""
    found = rows(database, principal, playlist, rules, offset=offset, limit=limit + 1)
    page, more = found[:limit], len(found) > limit
    total = offset + len(page)
    if more or not page:
        kept = _kept(principal, playlist) or count_now(database, principal, playlist, rules)
        total = max(kept[0], offset + len(found)) if more else kept[0]
    return Chosen(entries(page, offset), total, more)


def entries(rows: Sequence[AnyRow], first_rank: int = 0) -> list[PlaylistTrack]:
    """A track stands in such a list once: its own id is that of the entry."""
    presenter = TrackPresenter()
    return [
        PlaylistTrack(
            **presenter.track_fields(row),
            entry_id=str(row.id),
            position=rank,
            added_at=row.created_at,
        )
        for rank, row in enumerate(rows, start=first_rank)
    ]
