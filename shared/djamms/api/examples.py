"""Examples for the API's description. Only its generator imports this and `djamms.*.examples`:
a function that answers requests does not pay for them.

The examples tell of one small library: a track, the playlist that it is in, and who made both.
"""

from datetime import UTC, datetime

from pydantic import BaseModel

from djamms.api.schema import Deleted
from djamms.errors import (
    BadRequest,
    DomainError,
    Forbidden,
    InvalidToken,
    NotFound,
    PayloadTooLarge,
    TooManyRequests,
    Unavailable,
    Unprocessable,
)
from djamms.security.permissions import Permission

API = "https://music.example.com/api"
CDN = "https://cdn.example.com"
TRACK_ID = "5f0c1a52-7d3e-4b7a-9a41-0c6f2e8d9b10"
OTHER_TRACK_ID = "c2b7e6d4-18f9-4f0e-8c55-9e1d7a3b6f21"
PLAYLIST_ID = "a94d3b1e-6c27-4e58-b0f3-2d8c5e7f1a32"
ENTRY_ID = "1e7b9c40-52aa-4d1f-a6e8-7f3c0b2d4e43"
OTHER_ENTRY_ID = "d08f5a67-3b1c-49e2-9f74-6a5e8c1b0d54"
USER_ID = "7a3c9e15-f4d2-4b86-8e0a-1b5d7c9f2e65"
SCHEDULE_ID = "3c6e8f20-9b4d-4a17-b5c9-8d0e1f2a3b76"
REQUEST_ID = "f1d2c3b4-0a59-4e68-9c7d-2b3a4c5d6e87"
MADE_AT = datetime(2026, 5, 8, 18, 30, tzinfo=UTC)
CHANGED_AT = datetime(2026, 5, 9, 9, 15, 42, tzinfo=UTC)

# Summary → model. Where a model has several, a reader chooses between the summaries.
EXAMPLES: dict[str, BaseModel] = {"A deleted track": Deleted(id=TRACK_ID, deleted=True)}

PERMISSION = "This needs the permission {}, which your role does not have."
WRONG_ID = "Input should be a valid UUID, invalid length: expected length 32 for simple format"


def invalid(field: str, reason: str) -> Unprocessable:
    details = [{"field": field, "reason": reason}]
    return Unprocessable(f"The request is not valid. {field}: {reason}", details=details)


# What operations answer besides what their routes state.
ERRORS: dict[str, DomainError] = {
    "BadCursor": BadRequest("The cursor is not one that this list gave out."),
    "BadIdempotencyKey": BadRequest("An Idempotency-Key has 1 to 100 characters."),
    "BadBody": BadRequest("There was an error parsing the body"),
    "InvalidToken": InvalidToken(),
    "NoTrack": NotFound("There is no such track."),
    "NoPlaylist": NotFound("There is no such playlist."),
    "NotFound": NotFound("There is no such thing."),
    "BodyTooLarge": PayloadTooLarge("The body is larger than the API takes."),
    "FileTooLarge": PayloadTooLarge("Only files up to 4 MB can come with the request."),
    "InvalidBody": invalid("color", "Extra inputs are not permitted"),
    "InvalidLimit": invalid("limit", "Input should be less than or equal to 1000"),
    "InvalidTrackId": invalid("track_id", WRONG_ID),
    "InvalidPlaylistId": invalid("playlist_id", WRONG_ID),
    "Invalid": invalid("page", "Input should be greater than or equal to 1"),
    "TooManyRequests": TooManyRequests(
        "Too many requests. Try again in 17 seconds.", headers={"Retry-After": "17"}
    ),
    "Unavailable": Unavailable("The database does not answer. Try again soon."),
} | {f"Needs-{one.replace(':', '-')}": Forbidden(PERMISSION.format(one)) for one in Permission}

# Name → description and, for what a caller has to fill in, an example.
PARAMETERS: dict[str, tuple[str, str | None]] = {
    "cursor": (
        "Where the page before ended, from `nextCursor` or the `Link` header. Goes before `page`.",
        None,
    ),
    "idempotency-key": ("1 to 100 characters of your choice: a play sent twice counts once.", None),
    "Idempotency-Key": (
        "1 to 100 characters of your choice: a request that is sent again with the same key within "
        "24 hours gets the first one's reply, and is done once.",
        None,
    ),
    "if-match": (
        "The `ETag` of what the caller read last: when that has changed since, nothing is done.",
        None,
    ),
    "limit": ("How many to send at most.", None),
    "page": ("The number of the page, from 1.", None),
    "q": ("Words to look for.", None),
}
