from djamms.api.schema import ResponseModel
from djamms.music.schemas import TrackReply


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
