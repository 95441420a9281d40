from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from djamms.api.schema import RequestModel, ResponseModel, UtcTime
from djamms.models.moderation import FlagState


class Reason(StrEnum):
    COPYRIGHT = "copyright"
    OFFENSIVE = "offensive"
    SPAM = "spam"
    WRONG_METADATA = "wrong_metadata"
    BROKEN_AUDIO = "broken_audio"
    OTHER = "other"


class ThingState(StrEnum):
    VISIBLE = "visible"
    HIDDEN = "hidden"
    MISSING = "missing"
    DELETED = "deleted"


class QueueState(StrEnum):
    OPEN = "open"
    HIDDEN = "hidden"
    ALL = "all"


class Act(StrEnum):
    HIDE = "hide"
    RESTORE = "restore"
    DISMISS = "dismiss"


Note = Annotated[str, Field(min_length=1, max_length=1000)]


class FlagRequest(RequestModel):
    """Of a track or of a public playlist."""

    track_id: UUID | None = None
    playlist_id: UUID | None = None
    reason: Reason
    note: Note | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.track_id is None) == (self.playlist_id is None):
            raise ValueError("give trackId or playlistId")
        return self


class FlagReply(ResponseModel):
    id: str
    track_id: str | None
    playlist_id: str | None
    reason: str
    note: str | None
    state: FlagState
    created_at: UtcTime


class ActRequest(RequestModel):
    """`note` says why, for the log."""

    note: Note


class Case(ResponseModel):
    """A track or a playlist, by its `id`. `owner` uploaded or owns it; `reasons` says how often
    each was given; `openFlags` of all `flags` wait for a moderator."""

    id: str
    kind: str
    name: str
    artist: str | None
    owner: str | None
    owner_id: str | None
    state: ThingState
    open_flags: int
    flags: int
    reasons: dict[str, int]
    first_flagged_at: UtcTime | None
    last_flagged_at: UtcTime | None


class ReportReply(FlagReply):
    """A flag as moderators see it."""

    reported_by: str | None
    closed_at: UtcTime | None


class ActReply(ResponseModel):
    """`name` is what the thing was called then."""

    id: str
    act: Act
    kind: str
    thing_id: str
    name: str
    note: str
    moderator: str
    moderator_id: str
    flags_closed: int
    acted_at: UtcTime


class CaseDetails(Case):
    """The newest hundred of both."""

    reports: list[ReportReply]
    acts: list[ActReply]
