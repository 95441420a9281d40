"""A plan as rows, and instants in short."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from djamms.models.playlist import Playlist
from djamms.models.schedule import WEEKDAYS, ScheduleEntry
from djamms.models.system import SystemSetting
from tests.support.factories import make_playlist

# A Friday, far from any clock change.
FRIDAY = datetime(2026, 5, 8, tzinfo=UTC)


def at(clock: str, *, day: int = 8, month: int = 5) -> datetime:
    """On 8 May 2026 unless said otherwise, in UTC."""
    return datetime.combine(datetime(2026, month, day, tzinfo=UTC), time.fromisoformat(clock), UTC)


def text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def plan_entry(
    session: Session, title: str, start: str, end: str, *, playlist: Playlist | None, **values: Any
) -> ScheduleEntry:
    """Every day in UTC, unless said otherwise."""
    entry = ScheduleEntry(
        title=title,
        playlist_id=playlist.id if playlist else None,
        start_time=time.fromisoformat(start),
        end_time=time.fromisoformat(end),
        **{"selected_days": list(WEEKDAYS), "timezone": "UTC", **values},
    )
    session.add(entry)
    session.flush()
    return entry


def make_public(session: Session, name: str, **values: Any) -> Playlist:
    return make_playlist(session, None, name=name, **{"is_public": True, **values})


def set_default(session: Session, said: str | UUID | None) -> None:
    """The default playlist, by its name or its id; None: there is none."""
    session.get_one(SystemSetting, "playlist.default").value = None if said is None else str(said)
    session.flush()
