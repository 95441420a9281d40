"""A plan in PostgreSQL, a clock that the test moves, and a bus that remembers."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from botocore.exceptions import EndpointConnectionError
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from djamms.db.session import transaction
from djamms.models.playlist import Playlist
from djamms.models.schedule import WEEKDAYS, PlayoutEvent, ScheduleEntry, ScheduleOverride
from djamms.models.system import SystemSetting
from djamms.scheduler.plan_repository import DEFAULT_PLAYLIST
from functions.playout.handler import handler

EVENTS = Path(__file__).parents[3] / "events" / "playout"
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
CONTEXT = SimpleNamespace(
    function_name="playout",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:playout",
    aws_request_id="request",
)


@dataclass
class Bus:
    """As EventBridge answers; `refuses` says of each entry whether it fails."""

    taken: list[dict[str, Any]] = field(default_factory=list)
    is_down: bool = False
    refuses: Callable[[dict[str, Any]], bool] = lambda detail: False
    calls: list[int] = field(default_factory=list)

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.calls.append(len(Entries))
        if self.is_down:
            raise EndpointConnectionError(endpoint_url="https://events.example")
        return self._answer([self._take(entry) for entry in Entries])

    def _take(self, entry: dict[str, Any]) -> dict[str, Any]:
        detail = json.loads(entry["Detail"])
        if self.refuses(detail):
            return {"ErrorCode": "InternalFailure", "ErrorMessage": "no"}
        self.taken.append(entry | {"Detail": detail})
        return {"EventId": str(uuid4())}

    def _answer(self, entries: list[dict[str, Any]]) -> dict[str, Any]:
        failed = [one for one in entries if "ErrorCode" in one]
        return {"FailedEntryCount": len(failed), "Entries": entries}

    def heard(self) -> list[str]:
        """The playlists' names, "" for silence."""
        found = [entry["Detail"]["playlist"] for entry in self.taken]
        return [playlist["name"] if playlist else "" for playlist in found]


@dataclass
class World:
    bus: Bus
    now: datetime = NOON

    def run[T](self, work: Callable[[Session], T]) -> T:
        with transaction() as database:
            return work(database)

    def sql(self, statement: str, **parameters: Any) -> None:
        self.run(lambda database: database.execute(text(statement), parameters))

    def tick(self, at: datetime | None = None, event: str = "tick") -> dict[str, Any]:
        self.now = at or self.now
        return dict(handler(json.loads((EVENTS / f"{event}.json").read_text()), CONTEXT))

    def add_playlist(self, name: str, *, is_default: bool = False) -> UUID:
        playlist = Playlist(id=uuid4(), name=name)
        setting = SystemSetting(key=DEFAULT_PLAYLIST, value=name)
        self.run(lambda database: database.add(playlist))
        if is_default:
            self.run(lambda database: database.merge(setting))
        return playlist.id

    def add_entry(self, playlist: UUID, start: int = 12, end: int = 14, **values: Any) -> UUID:
        entry = ScheduleEntry(
            id=uuid4(),
            title="Lunch",
            playlist_id=playlist,
            selected_days=list(WEEKDAYS),
            start_time=time(start),
            end_time=time(end),
            **values,
        )
        self.run(lambda database: database.add(entry))
        return entry.id

    def add_override(self, begin: datetime, end: datetime | None, **values: Any) -> UUID:
        override = ScheduleOverride(id=uuid4(), starts_at=begin, ends_at=end, **values)
        self.run(lambda database: database.add(override))
        return override.id

    def stop_in(self, database: Session, begin: datetime) -> None:
        database.add(ScheduleOverride(id=uuid4(), is_stop=True, starts_at=begin))

    def count(self, table: str) -> int:
        counted = text(f"SELECT count(*) FROM {table}")  # noqa: S608 -- a test's own word
        return int(self.run(lambda database: database.scalar(counted)) or 0)

    def events(self) -> list[PlayoutEvent]:
        newest = select(PlayoutEvent).order_by(PlayoutEvent.id)
        return list(self.run(lambda database: database.scalars(newest).all()))

    def recorded(self) -> list[tuple[datetime, str, str]]:
        return [(one.at, one.source, one.playlist) for one in self.events()]
