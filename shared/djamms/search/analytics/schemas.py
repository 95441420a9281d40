from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from djamms.api.schema import RequestModel, ResponseModel
from djamms.search.engine import MOST_RESULTS
from djamms.search.kinds import Kind


class ClickRequest(RequestModel):
    """What of a search was opened: `trackId`, or the `type` and `id` of anything that search finds
    (of an artist or album its name serves as one). `position`: 1 is the first of all pages."""

    search_id: UUID
    track_id: UUID | None = None
    type: Kind | None = None
    id: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    position: Annotated[int, Field(strict=True, ge=1, le=MOST_RESULTS)]

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        other = (self.type is not None, self.id is not None)
        if other != ((False, False) if self.track_id else (True, True)):
            raise ValueError("give trackId, or both type and id")
        return self

    @property
    def clicked(self) -> tuple[Kind, str]:
        if self.track_id:
            return Kind.TRACK, str(self.track_id)
        return self.type or Kind.TRACK, self.id or ""


class Latency(ResponseModel):
    """Milliseconds from the request's words to its reply, right to 2 %; null without a search."""

    p50: float | None
    p95: float | None
    p99: float | None


class ClickPosition(ResponseModel):
    """Of the first thing opened of each search, 1 is the top; null without any."""

    mean: float | None
    median: int | None


class Figures(ResponseModel):
    """Shares are of all searches, 0 without any. `searchers`: accounts, and browsers without one,
    each counted once a day. `abandonment`: something was found and nothing opened."""

    searches: int
    searchers: int
    zero_result_share: float
    click_through_rate: float
    abandonment: float
    degraded_share: float
    click_position: ClickPosition
    latency: Latency


class DayFigures(Figures):
    day: date


class EngineFigures(ResponseModel):
    engine: str
    searches: int
    latency: Latency


class SearchSummary(ResponseModel):
    """Both days are in, and are those of UTC."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    all: Figures
    engines: list[EngineFigures]
    days: list[DayFigures]


class QueryFigures(ResponseModel):
    """`searchers`: accounts, and networks of guests, each counted once a day.
    `click_position`: the mean of what was opened first."""

    query: str
    searches: int
    searchers: int
    zero_results: int
    click_through_rate: float
    click_position: float | None


class QueryReport(ResponseModel):
    """Words that fewer than `least_searchers` searched for on each day are counted as `withheld`
    and not shown: they could name a person."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    queries: list[QueryFigures]
    total: int
    page: int
    limit: int
    least_searchers: int
    withheld_queries: int
    withheld_searches: int
