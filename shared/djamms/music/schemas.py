from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

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
    """`upload` is null where the file came with the request."""

    track: TrackReply
    upload: UploadTarget | None


MAX_UPLOADS_AT_ONCE = 100


class BulkUpload(RequestModel):
    files: Annotated[list[UploadRequest], Field(min_length=1, max_length=MAX_UPLOADS_AT_ONCE)]


class BulkUploadReply(ResponseModel):
    """In the order of the files that were asked for."""

    uploads: list[UploadReply]


class ArtworkReply(ResponseModel):
    url: str
    size: str
    width: int
    height: int


Text255 = Annotated[str, Field(min_length=1, max_length=255)]
MAX_BULK = 1000
TrackIds = Annotated[list[UUID], Field(min_length=1, max_length=MAX_BULK)]


class TrackChanges(RequestModel):
    """Only what is given changes; null clears what may be empty."""

    title: Text255 | None = None
    artist: Text255 | None = None
    album: Text255 | None = None
    genre: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    year: Annotated[int, Field(ge=1000, le=2999)] | None = None
    track_number: Annotated[int, Field(ge=1, le=9999)] | None = None
    disc_number: Annotated[int, Field(ge=1, le=999)] | None = None
    bpm: Annotated[float, Field(ge=1, lt=1000)] | None = None
    key: Annotated[str, Field(min_length=1, max_length=10)] | None = None
    isrc: Annotated[str, Field(pattern=r"^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$")] | None = None
    rating: Annotated[int, Field(ge=0, le=5)] | None = None
    explicit: bool | None = None
    is_public: bool | None = None


class BulkEdit(RequestModel):
    track_ids: TrackIds
    changes: TrackChanges


class BulkDelete(RequestModel):
    track_ids: TrackIds


class BulkReply(ResponseModel):
    """`changed` were; `refused` are unknown, or another person's."""

    changed: list[str]
    refused: list[str]


class PlaySource(StrEnum):
    QUEUE = "queue"
    PLAYLIST = "playlist"
    SEARCH = "search"
    SHUFFLE = "shuffle"
    SCHEDULE = "schedule"


class PlayRequest(RequestModel):
    """`key`, chosen by the client, makes an event that is sent twice count once."""

    duration_played: Annotated[int, Field(ge=0, le=86_400)] | None = None
    source: PlaySource | None = None
    key: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class PlayReply(ResponseModel):
    track_id: str
    plays: int
    recorded: bool


class GenreReply(ResponseModel):
    name: str
    slug: str
    category: str | None
    track_count: int


class ArtistReply(ResponseModel):
    """`tracks` is the address of the artist's tracks."""

    name: str
    track_count: int
    album_count: int
    tracks: str


class AlbumReply(ResponseModel):
    name: str
    artist: str
    year: int | None
    track_count: int
    duration: int
    thumbnail: str | None
    tracks: str
