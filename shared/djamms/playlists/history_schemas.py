from enum import StrEnum

from djamms.api.schema import ResponseModel, UtcTime
from djamms.models.history import PlaylistAction


class EntryState(StrEnum):
    READY = "ready"
    MISSING = "missing"


class PlaylistEntryReply(ResponseModel):
    """A place in a playlist, kept while its track is `missing`; it heals by itself.

    `position` is the rank from 0 among those that can be played, null for a missing one; `title`
    and `artist` are null where the caller may not know of the track.
    """

    entry_id: str
    track_id: str
    position: int | None
    state: EntryState
    title: str | None
    artist: str | None
    album: str | None
    duration: int | None
    thumbnail: str | None
    added_at: UtcTime


class PlaylistVersionReply(ResponseModel):
    """What an edit did. `changed` counts entries, or fields of the playlist where it `changed`.

    `made_by` is a name to show, null where nobody is known.
    """

    version: int
    action: PlaylistAction
    changed: int
    track_count: int
    made_at: UtcTime
    made_by: str | None
    is_current: bool
