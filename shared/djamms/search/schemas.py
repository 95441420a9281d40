from djamms.api.schema import ResponseModel
from djamms.music.schemas import TrackReply


class FacetValue(ResponseModel):
    value: str
    count: int


class SearchReply(ResponseModel):
    """`facets` counts the matches by genre, decade and length. Of very many matches only the best
    ones are counted: then `total_is_exact` is false, and there are `total` at least.
    Pages end at 10,000 results."""

    tracks: list[TrackReply]
    total: int
    total_is_exact: bool
    query: str
    did_you_mean: str | None
    filters: dict[str, str]
    facets: dict[str, list[FacetValue]]
    page: int
    limit: int
    engine: str
