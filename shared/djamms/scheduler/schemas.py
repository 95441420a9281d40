from djamms.api.schema import ResponseModel, UtcTime


class ScheduleReply(ResponseModel):
    """An entry of the weekly plan. Times are wall-clock `HH:MM` in `timezone`."""

    id: str
    title: str
    name: str
    playlist: str
    playlist_id: str | None
    day: str
    selected_days: list[str]
    start_time: str
    end_time: str
    timezone: str
    type: str
    active: bool
    tracks: list[str]
    created_at: UtcTime
    updated_at: UtcTime
