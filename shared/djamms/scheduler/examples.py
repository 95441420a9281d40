from pydantic import BaseModel

from djamms.api.examples import CHANGED_AT, MADE_AT, PLAYLIST_ID, SCHEDULE_ID
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
    type="playlist",
    active=True,
    tracks=[],
    created_at=MADE_AT,
    updated_at=CHANGED_AT,
)

EXAMPLES: dict[str, BaseModel] = {"An entry of the plan": ENTRY}

PARAMETERS: dict[str, tuple[str, str | None]] = {
    "entry_id": ("The `id` of the entry in the plan.", SCHEDULE_ID),
}
