"""What moderators do. What is done already is not done or logged again."""

from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.errors import NotFound
from djamms.models.moderation import FlagState, ModerationAct
from djamms.models.track import Track
from djamms.moderation import repository
from djamms.moderation.queue import get_case
from djamms.moderation.repository import Thing
from djamms.moderation.schemas import Act, CaseDetails
from djamms.security.principal import Principal


def hide(database: Database, *, principal: Principal, thing_id: UUID, note: str) -> CaseDetails:
    """Raises NotFound."""
    thing = _lock(database, thing_id)
    changes = thing.hidden_at is None
    if changes:
        repository.set_hidden(database, thing, hidden_at=clock.now())
    return _done(database, principal, thing, Act.HIDE, note, changes, FlagState.UPHELD)


def restore(database: Database, *, principal: Principal, thing_id: UUID, note: str) -> CaseDetails:
    """Raises NotFound."""
    thing = _lock(database, thing_id)
    changes = thing.hidden_at is not None
    if changes:
        repository.set_hidden(database, thing, hidden_at=None)
    return _done(database, principal, thing, Act.RESTORE, note, changes, FlagState.DISMISSED)


def dismiss(database: Database, *, principal: Principal, thing_id: UUID, note: str) -> CaseDetails:
    """Raises NotFound."""
    thing = _lock(database, thing_id)
    return _done(database, principal, thing, Act.DISMISS, note, False, FlagState.DISMISSED)


def _lock(database: Database, thing_id: UUID) -> Thing:
    thing = repository.lock_thing(database, thing_id)
    if thing is None:
        raise NotFound("There is no such track or playlist.")
    return thing


def _done(
    database: Database,
    principal: Principal,
    thing: Thing,
    act: Act,
    note: str,
    changes: bool,
    flags: FlagState,
) -> CaseDetails:
    """Closes the open flags and logs."""
    closed = repository.close_flags(database, thing.id, state=flags, now=clock.now())
    if changes or closed:
        _log(database, principal, thing, act, note, closed)
    return get_case(database, thing_id=thing.id)


def _log(
    database: Database, principal: Principal, thing: Thing, act: Act, note: str, closed: int
) -> None:
    assert principal.user_id is not None  # nobody moderates who is not signed in
    is_track = isinstance(thing, Track)
    line = ModerationAct(
        acted_at=clock.now(),
        moderator_id=principal.user_id,
        moderator=repository.name_of(database, principal.user_id),
        act=act,
        kind="track" if is_track else "playlist",
        thing_id=thing.id,
        name=f"{thing.artist} - {thing.title}" if isinstance(thing, Track) else thing.name,
        note=note,
        flags_closed=closed,
    )
    repository.add_act(database, line)
