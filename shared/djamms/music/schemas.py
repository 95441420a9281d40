import json
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

from djamms.api.schema import RequestModel, ResponseModel, UtcTime
from djamms.storage.presign import MAX_UPLOAD_BYTES
from djamms.tags import MAX_LETTERS, MOST_TAGS


class Failure(ResponseModel):
    code: str
    message: str


class TrackState(StrEnum):
    """Of an upload until it is `ready`. A `hidden` track is shown to who uploaded it, and to
    moderators; a `missing` one was here, and may come back."""

    UPLOADING = "uploading"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"
    HIDDEN = "hidden"
    MISSING = "missing"


class TrackReply(ResponseModel):
    """A track as the frontend reads it: `duration` in seconds, `file_size` in MB (10⁶ bytes).
    `isFavorite` is null for who is not signed in, and where a reply does not tell."""

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
    is_favorite: bool | None
    state: TrackState
    failure: Failure | None


class TrackDetails(TrackReply):
    """All that is known of one track. `metadata` holds the stream's properties and, under `tags`,
    what the file says in its own words; it is empty until the file has been read. `tags`: the
    file's moods, or people's own words."""

    artists: list[str]
    album_artist: str | None
    genres: list[str]
    tags: list[str]
    composer: str | None
    label: str | None
    metadata: dict[str, Any]


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


# A cursor holds the names that it goes on behind: up to four of 255 letters of four bytes.
MAX_CURSOR_LENGTH = 6000
FilterWord = Annotated[str, Field(max_length=255)]


class TrackListQuery(BaseModel):
    """The words of a list's address, in camelCase; the filters are those of the search form."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    limit: Annotated[int, Field(ge=1, le=1000)] = 50
    cursor: Annotated[str, Field(max_length=MAX_CURSOR_LENGTH)] | None = None
    sort: Annotated[str, Field(max_length=20)] | None = None
    order: Annotated[str, Field(max_length=20)] | None = None
    q: FilterWord | None = None
    title: FilterWord | None = None
    genre: FilterWord | None = None
    artist: FilterWord | None = None
    artist_is: FilterWord | None = None
    album: FilterWord | None = None
    album_is: FilterWord | None = None
    album_artist: FilterWord | None = None
    album_artist_is: FilterWord | None = None
    composer: FilterWord | None = None
    label: FilterWord | None = None
    isrc: FilterWord | None = None
    key: FilterWord | None = None
    bpm: FilterWord | None = None
    year: FilterWord | None = None
    year_from: FilterWord | None = None
    year_to: FilterWord | None = None
    duration: FilterWord | None = None
    bitrate: FilterWord | None = None
    popularity: FilterWord | None = None
    tags: FilterWord | None = None
    explicit: FilterWord | None = None
    is_public: FilterWord | None = None
    source: FilterWord | None = None
    uploaded_by: FilterWord | None = None

    def filters(self) -> dict[str, str | None]:
        return self.model_dump(exclude={"page", "limit", "cursor", "sort", "order"})


class TrashQuery(BaseModel):
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    limit: Annotated[int, Field(ge=1, le=1000)] = 50


class DeletedTrack(TrackReply):
    """`is_restorable` until its sound was erased."""

    deleted_at: UtcTime | None
    is_restorable: bool


class MissingTrack(TrackReply):
    """Its sound is gone from the storage, and was missed first at `missing_since`."""

    missing_since: UtcTime


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
Text100 = Annotated[str, Field(min_length=1, max_length=100)]
# A comma parts tags in an address.
Tag = Annotated[str, Field(max_length=MAX_LETTERS, pattern=r"^[^,]*[^\W_][^,]*$")]
MAX_NAMES = 32
MAX_BULK = 1000
TrackIds = Annotated[list[UUID], Field(min_length=1, max_length=MAX_BULK)]


class TrackChanges(RequestModel):
    """Only what is given changes; null clears what may be empty.

    `artist` is what is shown and `artists` are the people; each follows from the other where only
    one is given. `genre` is the first of `genres`, in the usual spelling. `tags` are one's own
    words and moods, each once in whatever spelling.
    """

    title: Text255 | None = None
    artist: Text255 | None = None
    album: Text255 | None = None
    album_artist: Text255 | None = None
    artists: Annotated[list[Text255], Field(max_length=MAX_NAMES)] | None = None
    genre: Text100 | None = None
    genres: Annotated[list[Text100], Field(max_length=MAX_NAMES)] | None = None
    tags: Annotated[list[Tag], Field(max_length=MOST_TAGS)] | None = None
    composer: Text255 | None = None
    label: Text255 | None = None
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


class BulkRestore(RequestModel):
    track_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]


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


MAX_PLAY_METADATA = 4096


class PlayRequest(RequestModel):
    """`key`, chosen by the client, makes an event that is sent twice count once; the header
    `Idempotency-Key` does the same. `metadata` is the client's own, up to 4 KB."""

    duration_played: Annotated[int, Field(ge=0, le=86_400)] | None = None
    source: PlaySource | None = None
    key: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)

    @field_validator("metadata")
    @classmethod
    def _is_small(cls, value: dict[str, Any]) -> dict[str, Any]:
        if len(json.dumps(value)) > MAX_PLAY_METADATA:
            raise ValueError(f"longer than {MAX_PLAY_METADATA} characters of JSON")
        return value


class PlayReply(ResponseModel):
    track_id: str
    plays: int
    recorded: bool


BrowseSort = Literal["name", "-name", "count", "-count"]


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
