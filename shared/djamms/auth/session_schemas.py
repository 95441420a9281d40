from djamms.api.schema import ResponseModel, UtcTime


class SessionReply(ResponseModel):
    """A sign-in that is good until `expires_at`; `last_used_at` is true to within 15 minutes."""

    id: str
    device: str
    user_agent: str | None
    source_ip: str | None
    created_at: UtcTime
    last_used_at: UtcTime
    expires_at: UtcTime
    is_current: bool


class SessionsRevoked(ResponseModel):
    """How many were ended."""

    revoked: int
