"""What clients send of an entry, and what they get back for it."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from djamms.api.schema import RequestModel
from djamms.scheduler.entry_words import (
    Day,
    End,
    Id,
    ManyDates,
    ManyDays,
    OneDate,
    Priority,
    Start,
    Title,
    Zone,
)
from djamms.scheduler.plan_schemas import ConflictReply
from djamms.scheduler.schemas import ScheduleReply


class EntryWords(RequestModel):
    """An entry that was read can be sent back as it is, changed: of two words for one thing
    (`title` and `name`, `playlist` and `playlistId`, `day` and `selectedDays`, `active` and
    `isActive`) the one that says something new is meant, and of two new ones the first to be named
    here. `tracks`, `createdAt`, `updatedAt` and `conflicts` are not looked at.
    """

    id: Id | None = None
    title: Title | None = None
    name: Title | None = None
    playlist_id: UUID | Literal[""] | None = None
    playlist: str | None = Field(default=None, max_length=255)
    selected_days: ManyDays = None
    day: Day = None
    start_time: Start | None = None
    end_time: End | None = None
    timezone: Zone = None
    start_date: OneDate = None
    end_date: OneDate = None
    dates: ManyDates = None
    except_dates: ManyDates = None
    priority: Priority | None = None
    active: bool | None = None
    is_active: bool | None = None
    type: Literal["playlist"] | None = None
    tracks: Any = None
    created_at: Any = None
    updated_at: Any = None
    conflicts: Any = None


class ScheduleRequest(EntryWords):
    """Needs a title, a playlist by its name or its id, a day or a date, a start and an end.
    `timezone` is the venue's where it is not given. An `id` of your own choice may be any text of
    up to 100 characters: it stands for the entry in addresses from then on."""


class ScheduleChanges(EntryWords):
    """What is absent or null stays; `startDate: null` and `endDate: null` clear theirs."""


class SavedSchedule(ScheduleReply):
    """The entry, with the conflicts that it has part in within the next 14 days and around the
    clock changes of the next year."""

    conflicts: list[ConflictReply]
