"""The plan as clients see it: what plays, when, why, and what loses."""

from typing import Annotated

from pydantic import Field

from djamms.api.schema import ResponseModel, UtcTime
from djamms.models.schedule import PlayoutSource
from djamms.scheduler.override_schemas import OverrideReply
from djamms.scheduler.plan.contenders import Rule
from djamms.scheduler.schemas import ScheduleReply

# `from` is a word of Python.
From = Annotated[UtcTime, Field(alias="from")]
FromOrOpen = Annotated[UtcTime | None, Field(alias="from")]


class PlaylistName(ResponseModel):
    id: str
    name: str


class ShortEntry(ResponseModel):
    """An entry of the plan in a few words; `id` is null while it is not saved."""

    id: str | None
    title: str
    playlist: str
    playlist_id: str | None
    timezone: str


class SpanReply(ResponseModel):
    """`minutes` are whole ones; the instants are exact."""

    from_: From
    until: UtcTime
    minutes: int


class ConflictReply(ResponseModel):
    """Two entries that are due at once: `rule` says why the winner plays. `count` and `minutes` are
    of all clashes, of which the first 20 are shown."""

    winner: ShortEntry
    loser: ShortEntry
    rule: Rule
    count: int
    minutes: int
    clashes: list[SpanReply]
    only_on_clock_change: bool


class GapReply(SpanReply):
    """No entry is due: the default `playlist` plays, or, where it is null, nothing."""

    playlist: PlaylistName | None


class ConflictsReply(ResponseModel):
    """At most 500 conflicts and 1,000 gaps, the earliest; the counts are of all. `isCut`: there are
    too many conflicts to look at all of the time, and what is told of them is of its first part."""

    from_: From
    to: UtcTime
    conflicts: list[ConflictReply]
    conflict_count: int
    is_cut: bool
    gaps: list[GapReply]
    gap_count: int


class LoserReply(ResponseModel):
    """What is due as well: an entry or an override. `reason` is the rule by which it loses."""

    entry: ScheduleReply | None
    override: OverrideReply | None
    reason: Rule


class NextReply(ResponseModel):
    """The entry that plays next, once what lies between has passed."""

    entry: ScheduleReply
    from_: From


class CurrentReply(ResponseModel):
    """What plays at `at`, and why. `from` and `until` are null where no change is in sight within
    a year."""

    at: UtcTime
    entry: ScheduleReply | None
    override: OverrideReply | None
    playlist: PlaylistName | None
    source: PlayoutSource
    rule: Rule
    from_: FromOrOpen
    until: UtcTime | None
    losers: list[LoserReply]
    next: NextReply | None


class PieceReply(ResponseModel):
    """A loser's time within a segment."""

    entry: ShortEntry | None
    override: OverrideReply | None
    reason: Rule
    from_: From
    until: UtcTime


class SegmentReply(SpanReply):
    """The time for which one winner holds. Of the losers the first 50; `loserCount` is of all."""

    entry: ShortEntry | None
    override: OverrideReply | None
    playlist: PlaylistName | None
    source: PlayoutSource
    rule: Rule
    losers: list[PieceReply]
    loser_count: int


class TimelineReply(ResponseModel):
    """All of the time from `from` to `to` without a hole. Where it is too much for one reply, the
    segments end at `next`, from which the following reply begins; else that is null."""

    from_: From
    to: UtcTime
    next: UtcTime | None
    segments: list[SegmentReply]


class OutcomeReply(ResponseModel):
    """What plays, as a preview tells it."""

    entry: ShortEntry | None
    playlist: PlaylistName | None
    source: PlayoutSource
    rule: Rule


class ChangeReply(SpanReply):
    before: OutcomeReply
    after: OutcomeReply


class PreviewReply(ResponseModel):
    """What a change would do to the next 14 days: `changes` is empty where what plays is
    `unchanged`, and `conflicts` are those that are not there yet. At most 1,000 changes and 500
    conflicts, the earliest; the counts are of all. `isCut`: there are too many conflicts to compare
    all of them."""

    from_: From
    to: UtcTime
    changes: list[ChangeReply]
    change_count: int
    conflicts: list[ConflictReply]
    conflict_count: int
    is_cut: bool
    unchanged: bool


class PlayedReply(ResponseModel):
    """What became current at `at`, under the names of then; `until` as it was planned then.
    `missed`: it was found out so late that nothing can have played it from the start."""

    at: UtcTime
    until: UtcTime | None
    zone: str
    source: PlayoutSource
    rule: Rule
    title: str
    entry_id: str | None
    override_id: str | None
    playlist: PlaylistName | None
    missed: bool
    recorded_at: UtcTime
