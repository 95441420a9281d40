from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from djamms.api.schema import RequestModel
from djamms.search.engine import MOST_RESULTS, Kind


class ClickRequest(RequestModel):
    """What of a search was opened: `trackId`, or the `type` and `id` of anything that search finds
    (of an artist or album its name serves as one). `position`: 1 is the first of all pages."""

    search_id: UUID
    track_id: UUID | None = None
    type: Kind | None = None
    id: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    position: Annotated[int, Field(ge=1, le=MOST_RESULTS)]

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
        assert self.type and self.id
        return self.type, self.id
