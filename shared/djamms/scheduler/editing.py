"""Changes of the plan's entries. Each is checked against the whole plan, which nobody else changes
meanwhile; what is refused then is rolled back."""

from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.types import AnyRow
from djamms.errors import Conflict
from djamms.models.schedule import ScheduleEntry
from djamms.scheduler import repository, service, venue
from djamms.scheduler.content import columns, refused
from djamms.scheduler.drafting import differences, drafted
from djamms.scheduler.entry_schemas import EntryWords, SavedSchedule
from djamms.scheduler.identity import entry_id_of
from djamms.scheduler.plan.conflicts import foreseen
from djamms.scheduler.plan.instants import instant_of
from djamms.scheduler.plan_replies import conflict_reply
from djamms.scheduler.plan_schemas import ConflictReply
from djamms.scheduler.waking import wake_after_commit
from djamms.security import audit
from djamms.security.audit import Event
from djamms.security.principal import Principal

MAX_ACTIVE = 1000
# With one entry there may be as many as there are others.
SHOWN_CONFLICTS = 100

type Check = Callable[[BaseModel], None] | None


def create_schedule(
    database: Database, *, principal: Principal, words: EntryWords, is_picky: bool = False
) -> SavedSchedule:
    """The same entry sent again is the one that there is. `is_picky` refuses what conflicts. Raises
    Unprocessable, Conflict."""
    repository.lock_plan(database)
    content, _ = drafted(database, principal=principal, words=words, row=None)
    entry_id = entry_id_of(words.id) if words.id else uuid4()
    if row := repository.find_entry(database, principal=principal, entry_id=entry_id):
        if differences(row.ScheduleEntry, content):
            raise Conflict("Another entry of the plan has this id: change that one, or leave it.")
        return _saved(row, _conflicts(database, row.ScheduleEntry))
    now = clock.now()
    repository.add_entry(
        database,
        id=entry_id,
        created_by=principal.user_id,
        created_at=now,
        updated_at=now,
        **columns(content),
    )
    _tell(database, principal, Event.SCHEDULE_CREATED, entry_id, content.title)
    return _checked(database, principal, entry_id, is_picky=is_picky)


def update_schedule(
    database: Database,
    *,
    principal: Principal,
    entry_id: UUID,
    words: EntryWords,
    check: Check = None,
    is_picky: bool = False,
) -> SavedSchedule:
    """Raises NotFound, PreconditionFailed, Unprocessable, Conflict."""
    repository.lock_plan(database)
    row = service.find(database, principal=principal, entry_id=entry_id)
    if check:
        check(service.reply_of(row))
    if words.id and entry_id_of(words.id) != entry_id:
        raise refused("id", "an entry keeps its id: leave this out")
    content, _ = drafted(database, principal=principal, words=words, row=row)
    entry: ScheduleEntry = row.ScheduleEntry
    if changed := differences(entry, content):
        for name in changed:
            setattr(entry, name, getattr(content, name))
        entry.updated_at = clock.now()
        database.flush()
        _tell(database, principal, Event.SCHEDULE_CHANGED, entry_id, entry.title, changed)
    return _checked(database, principal, entry_id, is_picky=is_picky)


def delete_schedule(database: Database, *, principal: Principal, entry_id: UUID) -> None:
    """Raises NotFound."""
    repository.lock_plan(database)
    entry: ScheduleEntry = service.find(
        database, principal=principal, entry_id=entry_id
    ).ScheduleEntry
    repository.delete_entry(database, entry)
    _tell(database, principal, Event.SCHEDULE_DELETED, entry_id, entry.title)


def _checked(
    database: Database, principal: Principal, entry_id: UUID, *, is_picky: bool
) -> SavedSchedule:
    """As it is saved now."""
    row = service.find(database, principal=principal, entry_id=entry_id)
    entry: ScheduleEntry = row.ScheduleEntry
    if entry.is_active and repository.count_active_entries(database) > MAX_ACTIVE:
        raise Conflict(
            f"The plan has {MAX_ACTIVE} active entries already: delete one, or switch one off."
        )
    conflicts = _conflicts(database, entry)
    if conflicts and is_picky:
        details = [one.model_dump(mode="json", by_alias=True) for one in conflicts]
        raise Conflict("This conflicts with other entries; nothing was saved.", details=details)
    return _saved(row, conflicts)


def _conflicts(database: Database, entry: ScheduleEntry) -> list[ConflictReply]:
    """Those that it has part in, the first to come first."""
    if not entry.is_active:
        return []
    now = clock.now()
    entries = venue.load(database, since=now).entries
    found = foreseen(entries, instant_of(now), of=entry.id).conflicts
    return [conflict_reply(one) for one in found[:SHOWN_CONFLICTS]]


def _saved(row: AnyRow, conflicts: list[ConflictReply]) -> SavedSchedule:
    return SavedSchedule(**dict(service.reply_of(row)), conflicts=conflicts)


def _tell(
    database: Database,
    principal: Principal,
    event: Event,
    entry_id: UUID,
    title: str,
    changed: Sequence[str] = (),
) -> None:
    details = {"entry": entry_id, "title": title, "changed": changed}
    audit.record(database, event, user_id=principal.user_id, details=details)
    wake_after_commit(database)
