from uuid import UUID

from pydantic import BaseModel

from djamms.api.examples import (
    CHANGED_AT,
    ENTRY_ID,
    MADE_AT,
    OTHER_ENTRY_ID,
    OTHER_TRACK_ID,
    PLAYLIST_ID,
    TRACK_ID,
    USER_ID,
)
from djamms.auth.examples import USERNAME
from djamms.models.cover import CoverState
from djamms.music.examples import THUMBNAIL, TRACK
from djamms.playlists.cover_schemas import CoverReply, CoverRequest
from djamms.playlists.rule_replies import PreviewRequest, RulesPreview
from djamms.playlists.rules import Rules
from djamms.playlists.schemas import (
    AddTracksRequest,
    PlaylistChanges,
    PlaylistOrder,
    PlaylistReply,
    PlaylistRequest,
    PlaylistTrack,
    ReorderRequest,
)

NAME, DESCRIPTION = "Late Evening", "After eleven, calm"
PLAYLIST = PlaylistReply(
    id=PLAYLIST_ID,
    name=NAME,
    description=DESCRIPTION,
    track_count=2,
    missing_count=0,
    duration=451,
    thumbnail=THUMBNAIL,
    image=THUMBNAIL,
    is_starred=False,
    is_public=True,
    source="local",
    external_url=None,
    owner=USERNAME,
    owner_id=USER_ID,
    version=3,
    rules=None,
    created_at=MADE_AT,
    updated_at=CHANGED_AT,
)

RULES = Rules.model_validate(
    {
        "all": [
            {"field": "genre", "op": "is", "value": "Jazz"},
            {"field": "added", "op": "inLast", "value": 30},
            {
                "any": [
                    {"field": "year", "op": "between", "value": [1950, 1969]},
                    {"field": "plays", "op": "atLeast", "value": 10},
                ]
            },
        ],
        "sort": "popularity",
        "limit": {"tracks": 100},
    }
)
FIRST_TRACK = PlaylistTrack(**dict(TRACK), entry_id=ENTRY_ID, position=0, added_at=MADE_AT)

EXAMPLES: dict[str, BaseModel] = {
    "A new playlist": PlaylistRequest(name=NAME, description=DESCRIPTION, is_public=True),
    "A playlist that fills itself": PlaylistRequest(name="New jazz", rules=RULES),
    "Rules to try": PreviewRequest(rules=RULES),
    "What rules choose": RulesPreview(track_count=1, duration=TRACK.duration, tracks=[FIRST_TRACK]),
    "A picture to send": CoverRequest(content_type="image/jpeg", size=482_133),
    "A playlist's picture": CoverReply(
        state=CoverState.READY,
        failure=None,
        is_own=True,
        thumbnail=THUMBNAIL,
        image=THUMBNAIL,
        upload=None,
    ),
    "A new name": PlaylistChanges(name=NAME, description=None),
    "At the beginning": AddTracksRequest(
        track_ids=[UUID(TRACK_ID), UUID(OTHER_TRACK_ID)], position=0
    ),
    "One entry to another place": ReorderRequest(version=3, entry_id=UUID(ENTRY_ID), position=1),
    "The whole order": ReorderRequest(version=3, entry_ids=[UUID(OTHER_ENTRY_ID), UUID(ENTRY_ID)]),
    "A playlist": PLAYLIST,
    "A playlist in its new order": PlaylistOrder(
        **dict(PLAYLIST), entry_ids=[OTHER_ENTRY_ID, ENTRY_ID]
    ),
    "A track at the beginning": FIRST_TRACK,
}

PARAMETERS: dict[str, tuple[str, str | None]] = {
    "playlist_id": ("The playlist's `id`.", PLAYLIST_ID),
}
