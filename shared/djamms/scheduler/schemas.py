from datetime import date

from djamms.api.schema import ResponseModel, UtcTime


class ScheduleReply(ResponseModel):
    """An entry of the plan. Times are wall-clock `HH:MM` in `timezone`; an end at or before the
    start is on the next day. `day` is one of `selectedDays`, the one to show it on where there is
    room for one. With `dates` it plays on those alone."""

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
    start_date: date | None
    end_date: date | None
    dates: list[date]
    except_dates: list[date]
    priority: int
    type: str
    active: bool
    tracks: list[str]
    created_at: UtcTime
    updated_at: UtcTime
