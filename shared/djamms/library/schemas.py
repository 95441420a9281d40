from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from djamms.api.schema import RequestModel, ResponseModel, UtcTime
from djamms.music.schemas import PlaySource, TrackReply
from djamms.playlists.schemas import PlaylistReply


class FavoriteTrack(TrackReply):
    """`state` is `missing` while the track is not there: title and artist are still known."""

    added_at: UtcTime


class FavoriteReply(ResponseModel):
    track_id: str
    is_favorite: bool
    added_at: UtcTime


class HiddenTrack(TrackReply):
    hidden_at: UtcTime


class StarredPlaylist(PlaylistReply):
    starred_at: UtcTime


class StarReply(ResponseModel):
    playlist_id: str
    is_starred: bool
    starred_at: UtcTime


class PlayedTrack(TrackReply):
    """`durationPlayed` in seconds; `playedFrom` is where it was started."""

    event_id: str
    played_at: UtcTime
    duration_played: int | None
    played_from: str | None


class SearchEntry(ResponseModel):
    id: str
    query: str
    filters: dict[str, Any]
    result_count: int
    searched_at: UtcTime


class Cleared(ResponseModel):
    deleted: int


MOST_LOCAL = 1000
type UpTo[T] = Annotated[list[T], Field(max_length=MOST_LOCAL)]
# As a client has it: what is no id of ours is reported, and does not spoil the rest.
LocalId = Annotated[str, Field(min_length=1, max_length=100)]


class LocalFavorite(RequestModel):
    track_id: LocalId
    added_at: AwareDatetime | None = None


class LocalStar(RequestModel):
    playlist_id: LocalId
    added_at: AwareDatetime | None = None


class LocalPlay(RequestModel):
    track_id: LocalId
    played_at: AwareDatetime
    duration_played: Annotated[int, Field(ge=0, le=86_400)] | None = None
    source: PlaySource | None = None


class LocalSearch(RequestModel):
    query: Annotated[str, Field(min_length=1, max_length=500)]
    searched_at: AwareDatetime | None = None


class RemovedFavorite(RequestModel):
    track_id: LocalId
    removed_at: AwareDatetime | None = None


class RemovedStar(RequestModel):
    playlist_id: LocalId
    removed_at: AwareDatetime | None = None


class LocalRemovals(RequestModel):
    favorites: UpTo[RemovedFavorite] = Field(default_factory=list)
    starred_playlists: UpTo[RemovedStar] = Field(default_factory=list)


class LocalLibrary(RequestModel):
    """A client's own lists. A time that is not given is now, one in the future too."""

    favorites: UpTo[LocalFavorite] = Field(default_factory=list)
    starred_playlists: UpTo[LocalStar] = Field(default_factory=list)
    recently_played: UpTo[LocalPlay] = Field(default_factory=list)
    search_history: UpTo[LocalSearch] = Field(default_factory=list)
    removed: LocalRemovals = Field(default_factory=LocalRemovals)


class MergedFavorite(ResponseModel):
    track_id: str
    added_at: UtcTime


class MergedStar(ResponseModel):
    playlist_id: str
    added_at: UtcTime


class MergedPlay(ResponseModel):
    track_id: str
    played_at: UtcTime


class MergedSearch(ResponseModel):
    query: str
    searched_at: UtcTime


class UnknownIds(ResponseModel):
    """What the client sent and nobody here knows, or the caller may not see."""

    favorites: list[str]
    starred_playlists: list[str]
    recently_played: list[str]


class MergedLibrary(ResponseModel):
    """The lists as they are now, newest first, up to a thousand of each."""

    favorites: list[MergedFavorite]
    starred_playlists: list[MergedStar]
    recently_played: list[MergedPlay]
    search_history: list[MergedSearch]
    unknown: UnknownIds


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
