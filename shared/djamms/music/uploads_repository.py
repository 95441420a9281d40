"""Uploads that are no tracks yet, as lists."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session as Database

from djamms.models.track import CANCELLED, Upload, UploadState
from djamms.music.repository import concerns
from djamms.security.principal import Principal


def list_uploads(
    database: Database,
    *,
    principal: Principal,
    states: Collection[UploadState],
    behind: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Upload]:
    """Newest first; not those that were taken back."""
    place = (Upload.created_at, Upload.id)
    statement = (
        select(Upload)
        .where(*_standing(principal, states))
        .order_by(*(column.desc() for column in place))
        .limit(limit)
    )
    if behind:
        statement = statement.where(tuple_(*place) < behind)
    return database.scalars(statement).all()


def count_uploads(
    database: Database, *, principal: Principal, states: Collection[UploadState]
) -> int:
    wanted = _standing(principal, states)
    return database.scalar(select(func.count()).select_from(Upload).where(*wanted)) or 0


def _standing(
    principal: Principal, states: Collection[UploadState]
) -> tuple[ColumnElement[bool], ...]:
    not_taken_back = Upload.failure_code.is_distinct_from(CANCELLED)
    return concerns(principal), Upload.state.in_(states), not_taken_back
