from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from djamms.api.schema import RequestModel, ResponseModel, UtcTime

MOST_MINUTES = 7 * 1440
Minutes = Annotated[int, Field(ge=1, le=MOST_MINUTES)]
Reason = Annotated[str, Field(max_length=255)]


class Until(StrEnum):
    """`boundary` is the next instant at which the plan itself changes."""

    BOUNDARY = "boundary"
    CANCELLED = "cancelled"


class OverrideRequest(RequestModel):
    """Plays a playlist, by its name or its id, from now on: for some minutes, or until the next
    boundary or until cancelled. Without either, until the boundary."""

    playlist: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    playlist_id: UUID | None = None
    until: Until | None = None
    minutes: Minutes | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if (self.playlist is None) == (self.playlist_id is None):
            raise ValueError("give playlist or playlistId")
        if self.until is not None and self.minutes is not None:
            raise ValueError("give until or minutes")
        return self


class StopRequest(RequestModel):
    """Without `minutes` it holds until `resume`."""

    minutes: Minutes | None = None
    reason: Reason | None = None


class OverrideReply(ResponseModel):
    """`endsAt` is null where it holds until cancelled. `playlistId` is null, and `playlist` empty,
    for a stop and where the playlist is deleted: then the default plays. `reason` is shown to those
    who may change the plan."""

    id: str
    is_stop: bool
    playlist: str
    playlist_id: str | None
    reason: str | None
    starts_at: UtcTime
    ends_at: UtcTime | None
    created_at: UtcTime


class ResumedReply(ResponseModel):
    """How many stops were cancelled: 0 where none held."""

    resumed: int
