from djamms.api.schema import ResponseModel
from djamms.music.schemas import TrackReply


class FacetValue(ResponseModel):
    value: str
    count: int


class SearchReply(ResponseModel):
    """`total` counts all matches; `facets` counts them by genre, decade and length."""

    tracks: list[TrackReply]
    total: int
    query: str
    filters: dict[str, str]
    facets: dict[str, list[FacetValue]]
    page: int
    limit: int
    engine: str
