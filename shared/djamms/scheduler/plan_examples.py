"""One Friday night: a party overrides the plan."""

from datetime import UTC, datetime

from pydantic import BaseModel

from djamms.api.examples import PLAYLIST_ID, SCHEDULE_ID
from djamms.models.schedule import PlayoutSource
from djamms.scheduler.candidate_schemas import Change, ChangeRequest
from djamms.scheduler.entry_examples import ENTRY, PLAYLIST, TITLE
from djamms.scheduler.entry_schemas import ScheduleChanges
from djamms.scheduler.override_schemas import (
    OverrideReply,
    OverrideRequest,
    ResumedReply,
    StopRequest,
    Until,
)
from djamms.scheduler.plan.contenders import Rule
from djamms.scheduler.plan_schemas import (
    ChangeReply,
    ConflictReply,
    ConflictsReply,
    CurrentReply,
    GapReply,
    LoserReply,
    NextReply,
    OutcomeReply,
    PieceReply,
    PlayedReply,
    PlaylistName,
    PreviewReply,
    SegmentReply,
    ShortEntry,
    SpanReply,
    TimelineReply,
)

OVERRIDE_ID = "9a4e2d60-1c7b-4f35-8e92-6b0d3a5c7f18"
DEFAULT = PlaylistName(id="0e5d7b92-4a31-4c68-9f0b-3d2c1e8a6b57", name="House Default")
PLAYS = PlaylistName(id=PLAYLIST_ID, name=PLAYLIST)


def at(hour: int, minute: int = 0, *, day: int = 8) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


SHORT = ShortEntry(
    id=SCHEDULE_ID,
    title=TITLE,
    playlist=PLAYLIST,
    playlist_id=PLAYLIST_ID,
    timezone=ENTRY.timezone,
)
OTHER = SHORT.model_copy(
    update={"id": "b1f6d3a8-7e24-4950-8c3b-5a9e0d7f2c46", "title": "Every evening"}
)
CLASH = SpanReply(from_=at(20), until=at(22), minutes=120)
CONFLICT = ConflictReply(
    winner=SHORT,
    loser=OTHER,
    rule=Rule.NARROWER,
    count=1,
    minutes=120,
    clashes=[CLASH],
    only_on_clock_change=False,
)
GAP = GapReply(from_=at(1, day=9), until=at(18, day=9), minutes=1020, playlist=DEFAULT)
OVERRIDE = OverrideReply(
    id=OVERRIDE_ID,
    is_stop=False,
    playlist=PLAYLIST,
    playlist_id=PLAYLIST_ID,
    reason="A birthday",
    starts_at=at(21),
    ends_at=at(21, 30),
    created_at=at(21),
)
CURRENT = CurrentReply(
    at=at(21, 10),
    entry=None,
    override=OVERRIDE,
    playlist=PLAYS,
    source=PlayoutSource.OVERRIDE,
    rule=Rule.OVERRIDE,
    from_=at(21),
    until=at(21, 30),
    losers=[LoserReply(entry=ENTRY, override=None, reason=Rule.OVERRIDE)],
    next=NextReply(entry=ENTRY, from_=at(21, 30)),
)
SEGMENT = SegmentReply(
    from_=at(20),
    until=at(21),
    minutes=60,
    entry=SHORT,
    override=None,
    playlist=PLAYS,
    source=PlayoutSource.ENTRY,
    rule=Rule.NARROWER,
    losers=[
        PieceReply(entry=OTHER, override=None, reason=Rule.NARROWER, from_=at(20), until=at(21))
    ],
    loser_count=1,
)
NOBODY = OutcomeReply(entry=None, playlist=DEFAULT, source=PlayoutSource.DEFAULT, rule=Rule.DEFAULT)
ENTRY_PLAYS = OutcomeReply(entry=SHORT, playlist=PLAYS, source=PlayoutSource.ENTRY, rule=Rule.ONLY)
LATER = ChangeReply(
    from_=at(1, day=9), until=at(2, day=9), minutes=60, before=NOBODY, after=ENTRY_PLAYS
)
PLAYED = PlayedReply(
    at=at(20),
    until=at(1, day=9),
    zone="main",
    source=PlayoutSource.ENTRY,
    rule=Rule.ONLY,
    title=TITLE,
    entry_id=SCHEDULE_ID,
    override_id=None,
    playlist=PLAYS,
    missed=False,
    recorded_at=at(20),
)

EXAMPLES: dict[str, BaseModel] = {
    "What plays, and why": CURRENT,
    "The plan of an hour": TimelineReply(from_=at(20), to=at(21), next=None, segments=[SEGMENT]),
    "Conflicts and gaps": ConflictsReply(
        from_=at(18),
        to=at(18, day=9),
        conflicts=[CONFLICT],
        conflict_count=1,
        is_cut=False,
        gaps=[GAP],
        gap_count=1,
    ),
    "An hour longer": ChangeRequest(
        change=Change.UPDATE, id=SCHEDULE_ID, entry=ScheduleChanges(end_time="03:00")
    ),
    "Without it": ChangeRequest(change=Change.DELETE, id=SCHEDULE_ID),
    "What would change": PreviewReply(
        from_=at(18),
        to=at(18, day=22),
        changes=[LATER],
        change_count=1,
        conflicts=[],
        conflict_count=0,
        is_cut=False,
        unchanged=False,
    ),
    "For half an hour": OverrideRequest(playlist=PLAYLIST, minutes=30, reason="A birthday"),
    "Until the plan changes": OverrideRequest(playlist=PLAYLIST, until=Until.BOUNDARY),
    "An override": OVERRIDE,
    "Silence until it is resumed": StopRequest(reason="Fire alarm"),
    "Silence for five minutes": StopRequest(minutes=5),
    "Stops that were cancelled": ResumedReply(resumed=1),
    "What became current": PLAYED,
}

INSTANT = "With `Z` or an offset from UTC, in the years 1970 to 2100."
IGNORED = "Not looked at: a word of what is answered."
PARAMETERS: dict[str, tuple[str, str | None]] = {
    "override_id": ("The override's `id`.", OVERRIDE_ID),
    "at": (f"An instant other than now. {INSTANT}", None),
    "from": (f"From when; else from now. {INSTANT}", None),
    "to": (f"Until when. {INSTANT}", None),
    "onConflict": ("`reject`: what conflicts with other entries is not saved.", None),
    # The words of a candidate.
    "id": ("Of the entry that the candidate would change: what is not said stays.", None),
    "name": ("The same as `title`.", None),
    "playlist": ("A playlist by its name; a candidate needs none.", None),
    "playlistId": ("A playlist by its `id`; a candidate needs none.", None),
    "selectedDays": ("Days of the week: `friday,saturday`, or repeated.", None),
    "day": ("One day of the week, as `friday`.", None),
    "startTime": ("When it begins on the clocks of its zone, as `21:00`.", None),
    "endTime": ("When it ends, on the next day where that is not after the start.", None),
    "timezone": ("An IANA time zone; else the venue's.", None),
    "startDate": ("The first date on which it begins.", None),
    "endDate": ("The last date on which it begins.", None),
    "dates": ("It begins on these dates alone: `2026-12-24,2026-12-31`, or repeated.", None),
    "exceptDates": ("It does not begin on these dates.", None),
    "priority": ("From -100 to 100; else 0.", None),
    "isActive": ("The same as `active`: what is switched off conflicts with nothing.", None),
    "type": ("`playlist`: there is no other.", None),
    "tracks": (IGNORED, None),
    "createdAt": (IGNORED, None),
    "updatedAt": (IGNORED, None),
    "conflicts": (IGNORED, None),
}
