from uuid import UUID

from pydantic import BaseModel

from djamms.api.examples import CHANGED_AT, MADE_AT, PLAYLIST_ID, TRACK_ID, USER_ID
from djamms.auth.examples import USERNAME
from djamms.models.moderation import FlagState
from djamms.moderation.schemas import (
    Act,
    ActReply,
    ActRequest,
    Case,
    CaseDetails,
    FlagReply,
    FlagRequest,
    Reason,
    ReportReply,
    ThingState,
)
from djamms.music.examples import ARTIST, TITLE

FLAG_ID = "8b1f4c2d-90e3-4a6b-b7d5-3c2e1f0a9b87"
ACT_ID = "6d2e8f31-4b7c-4d90-a1e5-9f8c7b6a5d43"
NOTE = "The recording is not the uploader's to share."
FLAG = FlagReply(
    id=FLAG_ID,
    track_id=TRACK_ID,
    playlist_id=None,
    reason=Reason.COPYRIGHT,
    note=NOTE,
    state=FlagState.OPEN,
    created_at=MADE_AT,
)
CASE = Case(
    id=TRACK_ID,
    kind="track",
    name=TITLE,
    artist=ARTIST,
    owner=USERNAME,
    owner_id=USER_ID,
    state=ThingState.HIDDEN,
    open_flags=0,
    flags=1,
    reasons={Reason.COPYRIGHT: 1},
    first_flagged_at=MADE_AT,
    last_flagged_at=MADE_AT,
)
ACT = ActReply(
    id=ACT_ID,
    act=Act.HIDE,
    kind="track",
    thing_id=TRACK_ID,
    name=f"{ARTIST} - {TITLE}",
    note=NOTE,
    moderator="mo",
    moderator_id="0f9e8d7c-6b5a-4c3d-9e2f-1a0b9c8d7e65",
    flags_closed=1,
    acted_at=CHANGED_AT,
)
UPHELD = dict(FLAG) | {"state": FlagState.UPHELD}

EXAMPLES: dict[str, BaseModel] = {
    "A report of a track": FlagRequest(track_id=UUID(TRACK_ID), reason=Reason.COPYRIGHT, note=NOTE),
    "A report of a playlist": FlagRequest(playlist_id=UUID(PLAYLIST_ID), reason=Reason.OFFENSIVE),
    "A report": FLAG,
    "A reason for the log": ActRequest(note=NOTE),
    "A hidden track": CASE,
    "A hidden track with its reports": CaseDetails(
        **dict(CASE),
        reports=[ReportReply(**UPHELD, reported_by="grace", closed_at=CHANGED_AT)],
        acts=[ACT],
    ),
    "An act of a moderator": ACT,
}

PARAMETERS: dict[str, tuple[str, str | None]] = {
    "thing_id": ("The `id` of the track or the playlist.", TRACK_ID),
}
