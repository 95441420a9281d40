"""Changes of the plan that are only asked about."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from djamms.api.schema import RequestModel
from djamms.scheduler.entry_schemas import EntryWords, ScheduleChanges
from djamms.scheduler.entry_words import Id, Title
from djamms.scheduler.moments import Moment

TIMES = {"from_", "to"}


class CandidateWords(EntryWords):
    """The words of an entry; with an `id` it stands in the stead of the entry that has it, of which
    stays what is not said. It needs no title and no playlist."""

    # Other lists know words of these names.
    title: Annotated[
        Title | None, Field(description="What it is called; a candidate needs none.")
    ] = None
    active: Annotated[
        bool | None, Field(description="What is switched off conflicts with nothing.")
    ] = None
    from_: Annotated[Moment | None, Field(alias="from")] = None
    to: Moment | None = None

    @property
    def is_candidate(self) -> bool:
        return bool(self.model_fields_set - TIMES)

    @property
    def times(self) -> tuple[datetime | None, datetime | None]:
        return self.from_, self.to


class Change(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class ChangeRequest(RequestModel):
    """`id` is that of the entry to update or to delete, `entry` what is to be created or changed:
    in the words of such a request."""

    change: Change
    id: Id | None = None
    entry: ScheduleChanges | None = None

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.entry is None and self.change is not Change.DELETE:
            raise ValueError("give entry")
        if self.id is None and self.change is not Change.CREATE:
            raise ValueError("give id")
        return self
