from typing import Any

from djamms.api.schema import ResponseModel, UtcTime


class AuditReply(ResponseModel):
    """`user` is whom it is about, `actor` who did it where that is someone else: user names as they
    are now, null once the account is gone."""

    id: str
    occurred_at: UtcTime
    event: str
    user_id: str | None
    user: str | None
    actor_id: str | None
    actor: str | None
    source_ip: str | None
    details: dict[str, Any]
