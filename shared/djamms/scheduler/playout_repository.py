"""Until when a zone's plan has been followed, and what became current in it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import batched

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from djamms.models.schedule import PlayoutEvent, PlayoutZone
from djamms.scheduler.following import Current, Plays

# A statement has room for 32,767 parameters.
ROWS = 1000


def hold_zone(database: Database, name: str, *, since: datetime) -> datetime:
    """Until when it has been followed, which is `since` for a new one. Nobody else follows it until
    the transaction ends."""
    held = select(PlayoutZone.followed_until).where(PlayoutZone.name == name).with_for_update()
    if (found := database.scalar(held)) is None:
        fresh = insert(PlayoutZone).values(name=name, followed_until=since)
        database.execute(fresh.on_conflict_do_nothing())
        found = database.scalars(held).one()
    return found


def followed(database: Database, name: str, *, until: datetime) -> None:
    database.execute(
        update(PlayoutZone).where(PlayoutZone.name == name).values(followed_until=until)
    )


def last_plays(database: Database, zone: str) -> Plays | None:
    """Of what was recorded last, which is not the latest where a clock went back."""
    event = PlayoutEvent
    row = database.execute(
        select(event.source, event.entry_id, event.override_id, event.playlist_id)
        .where(event.zone == zone)
        .order_by(event.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.source, row.entry_id, row.override_id, row.playlist_id)


def record(
    database: Database, zone: str, found: Sequence[Current], *, recorded_at: datetime
) -> set[datetime]:
    """The instants that were not recorded before."""
    recorded: set[datetime] = set()
    for some in batched(found, ROWS, strict=False):
        rows = [{**asdict(one), "zone": zone, "recorded_at": recorded_at} for one in some]
        fresh = insert(PlayoutEvent).values(rows).on_conflict_do_nothing()
        recorded.update(database.scalars(fresh.returning(PlayoutEvent.at)))
    return recorded


def hold_unpublished(database: Database, *, limit: int) -> Sequence[PlayoutEvent]:
    """The oldest, which nobody else publishes until the transaction ends."""
    return database.scalars(
        select(PlayoutEvent)
        .where(PlayoutEvent.published_at.is_(None))
        .order_by(PlayoutEvent.id)
        .limit(limit)
        .with_for_update()
    ).all()


def published(database: Database, events: Sequence[PlayoutEvent], *, at: datetime) -> None:
    ids = [event.id for event in events]
    database.execute(
        update(PlayoutEvent).where(PlayoutEvent.id.in_(ids)).values(published_at=at),
        execution_options={"synchronize_session": False},
    )
