from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from djamms.api.schema import ResponseModel
from djamms.music.schemas import AlbumReply, ArtistReply, FilterWord, TrackReply

# To mark and to explain takes as long as to find.
MOST_MARKED = 100


class SearchQuery(BaseModel):
    """What the search form sends: words, all filters, and which page."""

    q: Annotated[str, Field(max_length=500)] = ""
    genre: FilterWord | None = None
    artist: FilterWord | None = None
    year: FilterWord | None = None
    duration: FilterWord | None = None
    bitrate: FilterWord | None = None
    popularity: FilterWord | None = None
    tags: FilterWord | None = None
    key: FilterWord | None = None
    bpm: FilterWord | None = None
    types: Annotated[str, Field(max_length=50)] = "track"
    sort: Annotated[str, Field(max_length=20)] | None = None
    order: Annotated[str, Field(max_length=20)] | None = None
    highlight: bool = False
    explain: bool = False
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    limit: Annotated[
        int,
        Field(ge=1, le=1000, description="Up to 1000; up to 100 with `highlight` or `explain`."),
    ] = 50

    @field_validator("limit")
    @classmethod
    def _marks_few(cls, limit: int, others: ValidationInfo) -> int:
        marks = others.data.get("highlight") or others.data.get("explain")
        if marks and limit > MOST_MARKED:
            raise ValueError(f"up to {MOST_MARKED} with highlight or explain")
        return limit

    def filters(self) -> dict[str, str | None]:
        return {
            "genre": self.genre,
            "artist": self.artist,
            "year": self.year,
            "duration": self.duration,
            "bitrate": self.bitrate,
            "popularity": self.popularity,
            "tags": self.tags,
            "key": self.key,
            "bpm": self.bpm,
        }


class SuggestQuery(BaseModel):
    q: Annotated[str, Field(max_length=100)] = ""
    types: Annotated[str, Field(max_length=50)] = "track,artist,album,playlist"
    limit: Annotated[int, Field(ge=1, le=20)] = 8


class SuggestionReply(ResponseModel):
    """`url` leads to it: a track, a playlist, or the tracks of an artist or album. `highlighted` is
    `text` as HTML in which what was typed stands between <em> and </em>."""

    type: Literal["track", "artist", "album", "playlist"]
    text: str
    highlighted: str
    id: str | None
    artist: str | None
    track_count: int | None
    thumbnail: str | None
    url: str


class SuggestionsReply(ResponseModel):
    """In the order to show them: what is called just so, what goes on so, what is like it. Of each
    kind there are `limit` at most. `degraded`: another engine than the best answered."""

    query: str
    suggestions: list[SuggestionReply]
    engine: str
    degraded: bool


class FacetValue(ResponseModel):
    value: str
    count: int


class FoundPlaylist(ResponseModel):
    id: str
    name: str
    track_count: int
    thumbnail: str | None
    owner: str | None
    is_public: bool


class MatchReply(ResponseModel):
    """A word of the query, the field that it was found in, and how: `exact`, `prefix`, `part`,
    `fuzzy`, `split` or `joined`."""

    word: str
    field: str
    how: str


class ExplanationReply(ResponseModel):
    """`score` is the sum of the three others."""

    score: float
    text: float
    popularity: float
    freshness: float
    matched: list[MatchReply]


class SearchReply(ResponseModel):
    """`total` is the same on every page; when `total_is_exact` is false there are so many at least.
    `facets` counts the best `faceted_tracks` matches: all of them, when there are few; each
    leaves out its own filter and respects all others, up to as many matches. `sort` orders all
    matches up to 10,000, and all of a genre alone; without it, or with `relevance`, the best come
    first. Pages end at 10,000 results, on PostgreSQL not for a genre alone, on neither where
    nothing is asked. `artists`, `albums` and `playlists` are for who asks for those `types`, and
    known by their words: filters are those of tracks. `highlights` and `explanations`, by track,
    for who asks for them. `degraded`: another engine than the best answered. `search_id` is
    what a click on a result names."""

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
    degraded: bool
    search_id: str | None
    artists: list[ArtistReply]
    albums: list[AlbumReply]
    playlists: list[FoundPlaylist]
    highlights: dict[str, dict[str, str]]
    explanations: dict[str, ExplanationReply]
