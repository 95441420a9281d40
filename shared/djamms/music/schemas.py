from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from djamms.api.schema import RequestModel, ResponseModel, UtcTime
from djamms.models.track import UploadState
from djamms.storage.presign import MAX_UPLOAD_BYTES


class Failure(ResponseModel):
    code: str
    message: str


class TrackReply(ResponseModel):
    """A track as the frontend reads it: `duration` in seconds, `file_size` in MB (10⁶ bytes)."""

    id: str
    title: str
    artist: str
    album: str | None
    genre: str | None
    duration: int
    year: int | None
    bitrate: int | None
    file_size: float | None
    thumbnail: str | None
    audio_url: str | None
    url: str | None
    popularity: int
    plays: int
    rating: int | None
    date_added: UtcTime
    updated_at: UtcTime
    source: str
    explicit: bool
    bpm: float | None
    key: str | None
    isrc: str | None
    track_number: int | None
    disc_number: int | None
    is_public: bool
    state: UploadState
    failure: Failure | None


class Pagination(ResponseModel):
    page: int
    limit: int
    total: int
    pages: int


class TrackPage(ResponseModel):
    """`next_cursor` leads to the page behind this one; null at the end."""

    tracks: list[TrackReply]
    pagination: Pagination
    next_cursor: str | None


FilterWord = Annotated[str, Field(max_length=255)]


class TrackListQuery(BaseModel):
    """The words of a list's address, in camelCase; the filters are those of the search form."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    cursor: Annotated[str, Field(max_length=1000)] | None = None
    sort: Annotated[str, Field(max_length=20)] | None = None
    genre: FilterWord | None = None
    artist: FilterWord | None = None
    artist_is: FilterWord | None = None
    album: FilterWord | None = None
    album_is: FilterWord | None = None
    year: FilterWord | None = None
    duration: FilterWord | None = None
    bitrate: FilterWord | None = None
    popularity: FilterWord | None = None

    def filters(self) -> dict[str, str | None]:
        return self.model_dump(exclude={"page", "limit", "cursor", "sort"})


class UploadRequest(RequestModel):
    filename: Annotated[str, Field(min_length=1, max_length=255)]
    content_type: Annotated[str, Field(max_length=100, pattern=r"^[\w.+-]+/[\w.+-]+$")] = (
        "application/octet-stream"
    )
    size: Annotated[int, Field(ge=1, le=MAX_UPLOAD_BYTES)]
    is_public: bool = True


class UploadTarget(ResponseModel):
    """Where and how to send the file (a POST form); `expires_at` ends the permission."""

    method: Literal["POST"]
    url: str
    fields: dict[str, str]
    expires_at: UtcTime


class UploadReply(ResponseModel):
    track: TrackReply
    upload: UploadTarget


class ArtworkReply(ResponseModel):
    url: str
    size: str
    width: int
    height: int
