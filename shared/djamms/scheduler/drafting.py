"""An entry as it would be, from a client's words; nothing is saved."""

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.types import AnyRow
from djamms.models.schedule import ScheduleEntry
from djamms.scheduler import plan_repository, repository
from djamms.scheduler.choosing import playlist_by_id, playlist_by_name
from djamms.scheduler.content import Before, Content, columns, content_of, merged
from djamms.scheduler.entry_schemas import EntryWords
from djamms.scheduler.identity import entry_id_of
from djamms.scheduler.plan.contenders import Entry
from djamms.scheduler.plan_replies import UNSAVED
from djamms.scheduler.venue import Playing, to_entry, zone_of
from djamms.security.principal import Principal


@dataclass(frozen=True, slots=True)
class Draft:
    """One that is switched off is in no plan."""

    entry: Entry
    is_active: bool


def draft(database: Database, *, principal: Principal, words: EntryWords) -> Draft:
    """A candidate for the plan: by its `id` in the stead of the entry that has it, else a new one,
    which needs no title and no playlist. Raises Unprocessable."""
    entry_id = entry_id_of(words.id) if words.id else UNSAVED
    row = repository.find_entry(database, principal=principal, entry_id=entry_id)
    content, playlist = drafted(
        database, principal=principal, words=words, row=row, is_candidate=True
    )
    created_at = row.ScheduleEntry.created_at if row else clock.now()
    entry = planned(content, playlist, entry_id=entry_id, created_at=created_at)
    return Draft(entry, content.is_active)


def planned(
    content: Content, playlist: Playing | None, *, entry_id: UUID, created_at: datetime
) -> Entry:
    """As the plan has it; a deleted playlist (None) is not there for it."""
    values = columns(content) | {"playlist_id": playlist.id if playlist else None}
    name = playlist.name if playlist else ""
    entry = SimpleNamespace(id=entry_id, created_at=created_at, playlist=name, **values)
    return to_entry(entry)  # type: ignore[arg-type]  # it has the row's names


def drafted(
    database: Database,
    *,
    principal: Principal,
    words: EntryWords,
    row: AnyRow | None,
    is_candidate: bool = False,
) -> tuple[Content, Playing | None]:
    """With the playlist that it shows; `row` is the entry so far. Raises Unprocessable."""
    before = Before(content_of(row.ScheduleEntry), shown_by(row)) if row else None
    found: list[Playing | None] = [before.playlist if before else None]

    def choose(said: UUID | str) -> Playing:
        if isinstance(said, UUID):
            chosen = playlist_by_id(database, principal=principal, playlist_id=said)
        else:
            chosen = playlist_by_name(database, principal=principal, name=said)
        found[0] = chosen
        return chosen

    zone = zone_of(plan_repository.read_settings(database))
    content = merged(words, before=before, zone=zone, choose=choose, is_candidate=is_candidate)
    return content, found[0]


def shown_by(row: AnyRow) -> Playing | None:
    return Playing(row.shown_id, row.playlist) if row.shown_id else None


def differences(entry: ScheduleEntry, content: Content) -> list[str]:
    """The columns that would change."""
    return sorted(n for n, value in columns(content).items() if getattr(entry, n) != value)
