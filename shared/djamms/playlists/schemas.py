from typing import Annotated
from uuid import UUID

from pydantic import Field

from djamms.api.schema import RequestModel, ResponseModel, UtcTime
from djamms.music.schemas import TrackReply

MAX_ADDED_AT_ONCE = 1000


class PlaylistRequest(RequestModel):
    name: Annotated[str, Field(min_length=1, max_length=255)]
    description: Annotated[str, Field(max_length=5000)] | None = None
    is_public: bool = False


class AddTracksRequest(RequestModel):
    """`position` is the rank from 0 that the first added entry takes; absent = the end."""

    track_ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_ADDED_AT_ONCE)]
    position: Annotated[int, Field(ge=0)] | None = None


class PlaylistReply(ResponseModel):
    """`duration` in seconds; `owner` is a name to show, null where the installation owns it."""

    id: str
    name: str
    description: str | None
    track_count: int
    duration: int
    thumbnail: str | None
    image: str | None
    is_starred: bool
    is_public: bool
    source: str
    external_url: Annotated[str | None, Field(alias="external_url")]
    owner: str | None
    owner_id: str | None
    version: int
    created_at: UtcTime
    updated_at: UtcTime


class PlaylistOrder(PlaylistReply):
    """A playlist after an edit, with the entries' ids in their new order."""

    entry_ids: list[str]


class PlaylistTrack(TrackReply):
    """A track at a place in a playlist; `position` is its rank from 0."""

    entry_id: str
    position: int
    added_at: UtcTime
