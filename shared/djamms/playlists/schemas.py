from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from djamms.api.schema import RequestModel, ResponseModel, UtcTime
from djamms.music.schemas import TrackReply
from djamms.playlists.rules import Rules

MAX_ADDED_AT_ONCE = 1000
MAX_ORDERED_AT_ONCE = 20_000


Name = Annotated[str, Field(min_length=1, max_length=255)]
Description = Annotated[str, Field(max_length=5000)]
Version = Annotated[int, Field(ge=1, le=2_147_483_647)]


class Access(StrEnum):
    """What the caller may do: `manage` is also to delete it, and to say whether it is public."""

    VIEW = "view"
    EDIT = "edit"
    MANAGE = "manage"


class PlaylistRequest(RequestModel):
    """With `rules` it fills itself, and nothing can be put in by hand."""

    name: Name
    description: Description | None = None
    is_public: bool = False
    rules: Rules | None = None


class PlaylistChanges(RequestModel):
    """Only what is given changes; `description: null` clears it. `rules` are for a playlist
    that has some already."""

    name: Name | None = None
    description: Description | None = None
    is_public: bool | None = None
    rules: Rules | None = None


class AddTracksRequest(RequestModel):
    """`position` is the rank from 0 that the first added entry takes; absent = the end.

    `version` is that of the order which the caller saw, where that matters.
    """

    track_ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_ADDED_AT_ONCE)]
    position: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    version: Version | None = None


class ReorderRequest(RequestModel):
    """Either one entry and its new rank from 0, or all entries that one sees in their new order.

    `version` is that of the order which the caller saw; `If-Match` may say it instead.
    """

    version: Version | None = None
    entry_id: UUID | None = None
    position: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    entry_ids: Annotated[list[UUID], Field(max_length=MAX_ORDERED_AT_ONCE)] | None = None

    @model_validator(mode="after")
    def _one_way_or_the_other(self) -> Self:
        one = self.entry_id is not None and self.position is not None
        if one == (self.entry_ids is not None):
            raise ValueError("give entryId with position, or entryIds")
        return self


class PlaylistState(StrEnum):
    """A `hidden` one is shown to its owner and to admins."""

    ACTIVE = "active"
    HIDDEN = "hidden"


class PlaylistReply(ResponseModel):
    """`duration` in seconds; `owner` is a name to show, null where the installation owns it.

    Counts are of what the caller can list; `missing_count` are deleted tracks whose place is kept.
    """

    id: str
    name: str
    description: str | None
    track_count: int
    missing_count: int
    duration: int
    thumbnail: str | None
    image: str | None
    is_starred: bool
    access: Access
    is_public: bool
    state: PlaylistState
    source: str
    external_url: Annotated[str | None, Field(alias="external_url")]
    owner: str | None
    owner_id: str | None
    version: int
    rules: Rules | None
    created_at: UtcTime
    updated_at: UtcTime


class PlaylistOrder(PlaylistReply):
    """A playlist after an edit, with the entries' ids in their new order; null for who prefers
    `return=minimal`."""

    entry_ids: list[str] | None


class PlaylistTrack(TrackReply):
    """A track at a place in a playlist; `position` is its rank from 0."""

    entry_id: str
    position: int
    added_at: UtcTime
