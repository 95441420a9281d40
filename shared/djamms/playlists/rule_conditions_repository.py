"""Each condition of a rule as one on tracks. What a track leaves unsaid fulfils only negations."""

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)

from djamms.db.types import AnySelect
from djamms.genres import wanted_key
from djamms.models.favorite import Favorite
from djamms.models.library import PlaybackEvent
from djamms.models.playlist import Playlist, PlaylistEntry
from djamms.models.track import Track
from djamms.models.user import Role
from djamms.music.filter_repository import ALBUM, ALBUM_ARTIST, holds, includes
from djamms.playlists.access_repository import readable_by
from djamms.playlists.rule_conditions import (
    OF_THE_OWNER,
    AgeCondition,
    DateCondition,
    FlagCondition,
    KnownCondition,
    NumberCondition,
    PlaylistCondition,
    RangeCondition,
    TextCondition,
)
from djamms.playlists.rules import Group
from djamms.security.principal import GUEST_PRINCIPAL, Principal

type Wanted = ColumnElement[bool]
type Compiled = Callable[[Any, "View"], Wanted]

TEXTS: dict[str, SQLColumnExpression[Any]] = {
    "title": Track.title,
    "artist": Track.artist,
    "album": Track.album,
    "albumArtist": ALBUM_ARTIST,
    "genre": Track.genre,
    "composer": Track.composer,
    "label": Track.label,
    "key": Track.musical_key,
    "source": Track.source,
}
NUMBERS: dict[str, SQLColumnExpression[Any]] = {
    "year": Track.year,
    "duration": Track.duration_seconds,
    "bitrate": Track.bitrate_kbps,
    "bpm": func.round(Track.bpm),
    "rating": Track.rating,
    "plays": Track.play_count,
    "popularity": Track.popularity,
}
SAID: dict[str, SQLColumnExpression[Any]] = TEXTS | NUMBERS | {"albumArtist": Track.album_artist}
COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "is": operator.eq,
    "atLeast": operator.ge,
    "atMost": operator.le,
    "above": operator.gt,
    "below": operator.lt,
}


class View:
    """Whose favorites and plays the rules speak of, and when now is. Without an owner the playlist
    is the installation's, which has none: such a condition holds for no track."""

    def __init__(self, owner_id: UUID | None, now: datetime) -> None:
        self.owner_id, self.now = owner_id, now

    def of_owner(self, wanted: Wanted) -> Wanted:
        """Negations too: who has no favorites leaves no track to tell from them."""
        return wanted if self.owner_id else false()

    def plays(self) -> AnySelect:
        played = PlaybackEvent.track_id.is_not(None)
        return select(PlaybackEvent.track_id).where(played, PlaybackEvent.user_id == self.owner_id)

    def favorites(self) -> AnySelect:
        return select(Favorite.track_id).where(Favorite.user_id == self.owner_id)

    def entries(self, playlist_id: UUID) -> AnySelect:
        """Of a playlist that the owner may read: rules open no door to another's."""
        return (
            select(PlaylistEntry.track_id)
            .join(Playlist, Playlist.id == PlaylistEntry.playlist_id)
            .where(Playlist.id == playlist_id, readable_by(as_owner(self.owner_id)))
        )


def as_owner(owner_id: UUID | None) -> Principal:
    """Rules read no more than any user may: what an administrator may read besides is not theirs
    to show to whom a list is shared with."""
    return Principal(owner_id, Role.USER) if owner_id else GUEST_PRINCIPAL


def wanted_by(group: Group, view: View) -> Wanted:
    join = and_ if group.joined("all") else or_
    return join(
        *(
            wanted_by(item, view) if isinstance(item, Group) else COMPILED[type(item)](item, view)
            for item in group.items
        )
    )


def _text(condition: TextCondition, _view: View) -> Wanted:
    word, column = condition.value, TEXTS[condition.field]
    match condition.op:
        case "is":
            return _is(condition.field, word)
        case "isNot":
            return _lacks(_is(condition.field, word))
        case "contains":
            return holds(column, word)
        case "notContains":
            return _lacks(holds(column, word))
        case "startsWith":
            escaped = re.sub(r"([\\%_])", r"\\\1", word)
            return func.folded(column).like(func.concat(func.folded(escaped), "%"))


def _is(field: str, word: str) -> Wanted:
    if field == "genre":
        return includes(Track.genre_keys, literal(wanted_key(word)))
    if field == "artist":
        return includes(Track.artist_keys, func.folded(word))
    column = ALBUM if field == "album" else TEXTS[field]
    return func.folded(column) == func.folded(word)


def _lacks(found: Wanted) -> Wanted:
    return not_(func.coalesce(found, false()))


def _number(condition: NumberCondition, _view: View) -> Wanted:
    column = NUMBERS[condition.field]
    if condition.op == "isNot":
        return column.is_distinct_from(condition.value)
    compared: Wanted = COMPARED[condition.op](column, condition.value)
    return compared


def _range(condition: RangeCondition, _view: View) -> Wanted:
    return NUMBERS[condition.field].between(condition.value[0], condition.value[1])


def _age(condition: AgeCondition, view: View) -> Wanted:
    recent = _since(condition.field, view.now - timedelta(days=condition.value), view)
    return _told(condition.field, view, recent if condition.op == "inLast" else not_(recent))


def _date(condition: DateCondition, view: View) -> Wanted:
    since = _since(condition.field, datetime.combine(condition.value, time(), UTC), view)
    if condition.op == "from":
        return _told(condition.field, view, since)
    # Before a day means heard at all, and not since.
    known = Track.id.in_(view.plays()) if condition.field == "lastPlayed" else literal(True)
    return _told(condition.field, view, and_(known, not_(since)))


def _since(field: str, moment: datetime, view: View) -> Wanted:
    if field == "added":
        return Track.created_at >= moment
    return Track.id.in_(view.plays().where(PlaybackEvent.played_at >= moment))


def _known(condition: KnownCondition, view: View) -> Wanted:
    known = (
        Track.id.in_(view.plays())
        if condition.field == "lastPlayed"
        else SAID[condition.field].is_not(None)
    )
    return _told(condition.field, view, known if condition.op == "isKnown" else not_(known))


def _flag(condition: FlagCondition, view: View) -> Wanted:
    found = Track.explicit if condition.field == "explicit" else Track.id.in_(view.favorites())
    return _told(condition.field, view, and_(found) if condition.value else not_(found))


def _told(field: str, view: View, wanted: Wanted) -> Wanted:
    return view.of_owner(wanted) if field in OF_THE_OWNER else wanted


def _playlist(condition: PlaylistCondition, view: View) -> Wanted:
    found = Track.id.in_(view.entries(condition.value))
    return found if condition.op == "is" else not_(found)


COMPILED: dict[type, Compiled] = {
    TextCondition: _text,
    NumberCondition: _number,
    RangeCondition: _range,
    AgeCondition: _age,
    DateCondition: _date,
    KnownCondition: _known,
    FlagCondition: _flag,
    PlaylistCondition: _playlist,
}
