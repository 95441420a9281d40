from typing import Annotated, Literal

from pydantic import Field

from djamms.api.schema import RequestModel, ResponseModel
from djamms.models.cover import CoverState
from djamms.music.schemas import UploadTarget
from djamms.storage.cover_keys import MAX_COVER_BYTES


class CoverRequest(RequestModel):
    """What will be sent: JPEG, PNG or WebP, up to 5 MB."""

    content_type: Literal["image/jpeg", "image/png", "image/webp"]
    size: Annotated[int, Field(ge=1, le=MAX_COVER_BYTES)]


class CoverReply(ResponseModel):
    """`state` is that of the picture sent last: `none`, `waiting`, `ready`, or `failed` with a
    `failure` to read. Without one of its own a playlist shows a mosaic of its tracks' artwork."""

    state: CoverState
    failure: str | None
    is_own: bool
    thumbnail: str | None
    image: str | None
    upload: UploadTarget | None
