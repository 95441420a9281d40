"""What became current, and when."""

from dataclasses import dataclass

from sqlalchemy.orm import Session as Database

from djamms.db.cursors import refusing_made_up
from djamms.models.schedule import PlayoutEvent, PlayoutSource
from djamms.scheduler import played_repository as repository
from djamms.scheduler.plan.contenders import Rule
from djamms.scheduler.plan_replies import Viewer
from djamms.scheduler.plan_schemas import PlayedReply, PlaylistName
from djamms.security.principal import Principal

LARGEST_ID = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Played:
    events: list[PlayedReply]
    total: int
    next_cursor: str | None


def list_played(
    database: Database, *, principal: Principal, cursor: str | None, limit: int
) -> Played:
    """The newest first. Raises BadRequest for a cursor that was made up."""
    before = _read_cursor(cursor) if cursor else None
    rows = repository.list_events(database, before=before, limit=limit + 1)
    shown, viewer = rows[:limit], Viewer(principal)
    return Played(
        events=[_reply(one, viewer) for one in shown],
        total=repository.count_events(database),
        next_cursor=str(shown[-1].id) if len(rows) > limit else None,
    )


def _read_cursor(cursor: str) -> int:
    with refusing_made_up():
        place = int(cursor)
        if not 0 < place <= LARGEST_ID:
            raise ValueError("no such place")
        return place


def _reply(one: PlayoutEvent, viewer: Viewer) -> PlayedReply:
    # What an override is called is its reason.
    is_told = one.override_id is None or viewer.sees_reasons
    playlist_id = one.playlist_id
    return PlayedReply(
        at=one.at,
        until=one.until,
        zone=one.zone,
        source=PlayoutSource(one.source),
        rule=Rule(one.rule),
        title=one.title if is_told else "",
        entry_id=None if one.entry_id is None else str(one.entry_id),
        override_id=None if one.override_id is None else str(one.override_id),
        playlist=None
        if playlist_id is None
        else PlaylistName(id=str(playlist_id), name=one.playlist),
        missed=one.is_missed,
        recorded_at=one.recorded_at,
    )
