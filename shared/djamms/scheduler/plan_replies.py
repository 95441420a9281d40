"""The plan's parts in the words of its replies."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from djamms.scheduler.override_schemas import OverrideReply
from djamms.scheduler.plan.conflicts import Conflict
from djamms.scheduler.plan.contenders import Contender, Entry, Override
from djamms.scheduler.plan.instants import Instant, moment_of
from djamms.scheduler.plan_schemas import ConflictReply, PlaylistName, ShortEntry, SpanReply
from djamms.scheduler.venue import Playing
from djamms.security.permissions import Permission
from djamms.security.principal import Principal

SHOWN_CLASHES = 20
# The id of an entry that is not saved yet.
UNSAVED = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Why the plan was overridden concerns those who may change it."""

    principal: Principal

    @property
    def sees_reasons(self) -> bool:
        return Permission.WRITE_SCHEDULES in self.principal.permissions


def override_reply(override: Override, viewer: Viewer) -> OverrideReply:
    playlist_id = override.playlist_id
    return OverrideReply(
        id=str(override.id),
        is_stop=override.is_stop,
        playlist=override.playlist,
        playlist_id=None if playlist_id is None else str(playlist_id),
        reason=(override.title or None) if viewer.sees_reasons else None,
        starts_at=moment_of(override.starts_at),
        ends_at=None if override.ends_at is None else moment_of(override.ends_at),
        created_at=moment_of(int(override.created_at)),
    )


def override_of(one: Contender | None, viewer: Viewer) -> OverrideReply | None:
    return override_reply(one, viewer) if isinstance(one, Override) else None


def entry_of(one: Contender | None) -> ShortEntry | None:
    return short_entry(one) if isinstance(one, Entry) else None


@lru_cache(maxsize=4096)
def short_entry(entry: Entry) -> ShortEntry:
    """Kept: a timeline names an entry hundreds of times."""
    return ShortEntry(
        id=None if entry.id == UNSAVED else str(entry.id),
        title=entry.title,
        playlist=entry.playlist,
        playlist_id=None if entry.playlist_id is None else str(entry.playlist_id),
        timezone=entry.zone,
    )


def playlist_name(playing: Playing | None) -> PlaylistName | None:
    return None if playing is None else PlaylistName(id=str(playing.id), name=playing.name)


def minutes(from_: Instant, until: Instant) -> int:
    return (until - from_) // 60


def conflict_reply(conflict: Conflict) -> ConflictReply:
    clashes = conflict.clashes
    return ConflictReply(
        winner=short_entry(conflict.winner),
        loser=short_entry(conflict.loser),
        rule=conflict.rule,
        count=len(clashes),
        minutes=sum(until - from_ for from_, until in clashes) // 60,
        clashes=[span_reply(from_, until) for from_, until in clashes[:SHOWN_CLASHES]],
        only_on_clock_change=conflict.only_on_clock_change,
    )


def span_reply(from_: Instant, until: Instant) -> SpanReply:
    return SpanReply(from_=moment_of(from_), until=moment_of(until), minutes=minutes(from_, until))
