from typing import Annotated

from pydantic import BaseModel, Field

from djamms.api.schema import ResponseModel
from djamms.music.schemas import FilterWord, TrackReply


class SearchQuery(BaseModel):
    """What the search form sends: words, all six filters, and which page."""

    q: Annotated[str, Field(max_length=500)] = ""
    genre: FilterWord | None = None
    artist: FilterWord | None = None
    year: FilterWord | None = None
    duration: FilterWord | None = None
    bitrate: FilterWord | None = None
    popularity: FilterWord | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    limit: Annotated[int, Field(ge=1, le=1000)] = 50

    def filters(self) -> dict[str, str | None]:
        return {
            "genre": self.genre,
            "artist": self.artist,
            "year": self.year,
            "duration": self.duration,
            "bitrate": self.bitrate,
            "popularity": self.popularity,
        }


class FacetValue(ResponseModel):
    value: str
    count: int


class SearchReply(ResponseModel):
    """`total` is the same on every page; when `total_is_exact` is false there are so many at least.
    `facets` counts the best `faceted_tracks` matches by genre, decade and length: all of them, when
    there are few. Pages end at 10,000 results, but for a genre alone or no words at all."""

    tracks: list[TrackReply]
    total: int
    total_is_exact: bool
    query: str
    did_you_mean: str | None
    filters: dict[str, str]
    facets: dict[str, list[FacetValue]]
    faceted_tracks: int
    page: int
    limit: int
    engine: str
