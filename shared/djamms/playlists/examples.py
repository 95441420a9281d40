from datetime import UTC, datetime
from uuid import UUID

from pydantic import BaseModel

from djamms.api.examples import (
    API,
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
from djamms.models.history import PlaylistAction
from djamms.music.examples import THUMBNAIL, TRACK
from djamms.playlists.cover_schemas import CoverReply, CoverRequest
from djamms.playlists.history_schemas import (
    EntryState,
    PlaylistEntryReply,
    PlaylistVersionReply,
)
from djamms.playlists.rule_replies import PreviewRequest, RulesPreview
from djamms.playlists.rules import Rules
from djamms.playlists.schemas import (
    Access,
    AddTracksRequest,
    PlaylistChanges,
    PlaylistOrder,
    PlaylistReply,
    PlaylistRequest,
    PlaylistState,
    PlaylistTrack,
    ReorderRequest,
)
from djamms.playlists.sharing_schemas import (
    CollaboratorReply,
    CollaboratorRequest,
    LinkReply,
    LinkRequest,
    NewLinkReply,
    SharingRole,
)

VERSION = 2
FRIEND, FRIEND_ID = "grace", "2b8d6f1a-95c3-4e70-8a1f-4c7e9d0b3f58"
LINK_ID = "e57b1c3d-7a20-4f96-b8d4-0a9c6e2f1b37"
LINK_TOKEN = "q0Xb3v7yT1nJ5kZ8rW2mL6sD9fG4hA-cE0uI_oPqRsT"  # noqa: S105 -- leads nowhere
LATER = datetime(2036, 5, 9, 12, 0, tzinfo=UTC)
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
    access=Access.MANAGE,
    is_public=True,
    state=PlaylistState.ACTIVE,
    source="local",
    external_url=None,
    owner=USERNAME,
    owner_id=USER_ID,
    version=3,
    rules=None,
    created_at=MADE_AT,
    updated_at=CHANGED_AT,
)

PLACE = PlaylistEntryReply(
    entry_id=ENTRY_ID,
    track_id=TRACK_ID,
    position=0,
    state=EntryState.READY,
    title=TRACK.title,
    artist=TRACK.artist,
    album=TRACK.album,
    duration=TRACK.duration,
    thumbnail=THUMBNAIL,
    added_at=MADE_AT,
)
LINK = LinkReply(id=LINK_ID, role="view", created_at=MADE_AT, expires_at=LATER, is_expired=False)
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
    "A place": PLACE,
    "An edit of the past": PlaylistVersionReply(
        version=VERSION,
        action=PlaylistAction.ADDED,
        changed=1,
        track_count=1,
        made_at=MADE_AT,
        made_by=USERNAME,
        is_current=False,
    ),
    "Somebody who edits": CollaboratorRequest(username=FRIEND, role=SharingRole.EDITOR),
    "An editor": CollaboratorReply(user_id=FRIEND_ID, username=FRIEND, role=SharingRole.EDITOR),
    "A link until a day": LinkRequest(expires_at=LATER),
    "A link": LINK,
    "A new link": NewLinkReply(
        **dict(LINK), token=LINK_TOKEN, url=f"{API}/playlists/shared/{LINK_TOKEN}"
    ),
    "A track at the beginning": FIRST_TRACK,
}

PARAMETERS: dict[str, tuple[str, str | int | None]] = {
    "playlist_id": ("The playlist's `id`.", PLAYLIST_ID),
    "version": ("The number of a version, which each edit raises.", VERSION),
    "link_token": ("What stands at the end of a link.", LINK_TOKEN),
    "link_id": ("The link's `id`.", LINK_ID),
    "collaborator_id": ("The `id` of the account that it is shared with.", FRIEND_ID),
    "prefer": ("`return=minimal` leaves `entryIds` out: faster where they are many.", None),
}
