from datetime import date
from uuid import UUID

from pydantic import BaseModel

from djamms.api.examples import CHANGED_AT, MADE_AT, PLAYLIST_ID, SCHEDULE_ID
from djamms.scheduler.entry_schemas import SavedSchedule, ScheduleChanges, ScheduleRequest
from djamms.scheduler.schemas import ScheduleReply

TITLE, PLAYLIST = "Friday night", "Late Evening"

ENTRY = ScheduleReply(
    id=SCHEDULE_ID,
    title=TITLE,
    name=TITLE,
    playlist=PLAYLIST,
    playlist_id=PLAYLIST_ID,
    day="friday",
    selected_days=["friday"],
    start_time="21:00",
    end_time="02:00",
    timezone="Europe/Lisbon",
    start_date=None,
    end_date=None,
    dates=[],
    except_dates=[],
    priority=0,
    type="playlist",
    active=True,
    tracks=[],
    created_at=MADE_AT,
    updated_at=CHANGED_AT,
)

EXAMPLES: dict[str, BaseModel] = {
    "An entry of the plan": ENTRY,
    "An entry, and what it conflicts with": SavedSchedule(**dict(ENTRY), conflicts=[]),
    "Every weekend": ScheduleRequest(
        id="weekends",
        title="Weekends",
        playlist=PLAYLIST,
        selected_days=["friday", "saturday"],
        start_time="22:00",
        end_time="04:00",
        timezone="Europe/Lisbon",
    ),
    "On New Year's Eve": ScheduleRequest(
        title="New Year's Eve",
        playlist_id=UUID(PLAYLIST_ID),
        dates=[date(2026, 12, 31)],
        start_time="20:00",
        end_time="06:00",
    ),
    "Later, and not at Christmas": ScheduleChanges(
        end_time="03:00", except_dates=[date(2026, 12, 25)]
    ),
}

PARAMETERS: dict[str, tuple[str, str | None]] = {
    "onConflict": ("With `reject` nothing is saved that conflicts with other entries.", None),
    "entry_id": ("The `id` of the entry in the plan.", SCHEDULE_ID),
}
