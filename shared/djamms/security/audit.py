"""Security events."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.observability import logger

NOTHING: Mapping[str, Any] = {}


def record(
    database: Database,  # noqa: ARG001 -- for where events are rows
    event: str,
    *,
    user_id: UUID | None,
    actor_id: UUID | None = None,
    source_ip: str | None = None,
    details: Mapping[str, Any] = NOTHING,
) -> None:
    """Never with a token or a password in `details`."""
    facts = {"user_id": user_id, "actor_id": actor_id, "source_ip": source_ip, **details}
    logger.info(event, extra={name: str(value) for name, value in facts.items() if value})
