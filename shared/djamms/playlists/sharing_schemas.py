from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from djamms.api.schema import RequestModel, ResponseModel, UtcTime


class SharingRole(StrEnum):
    """To be made the owner is to take the playlist over: who owned it becomes an editor."""

    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"


class CollaboratorRequest(RequestModel):
    """Whom, by name or by id, and what they may do."""

    username: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    user_id: UUID | None = None
    role: SharingRole


class CollaboratorReply(ResponseModel):
    user_id: str
    username: str
    role: SharingRole


class LinkRequest(RequestModel):
    """A link that anybody reads the playlist by; without `expires_at` until it is revoked."""

    expires_at: AwareDatetime | None = None
    role: Literal["view"] = "view"


class LinkReply(ResponseModel):
    id: str
    role: str
    created_at: UtcTime
    expires_at: UtcTime | None
    is_expired: bool


class NewLinkReply(LinkReply):
    """The only time that the token is shown: what is kept of it does not tell it."""

    token: str
    url: str
