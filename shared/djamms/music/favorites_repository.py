from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session as Database

from djamms.models.favorite import Favorite

# Made once: to put such a statement together costs more than to run it.
AMONG = select(Favorite.track_id).where(
    Favorite.user_id == bindparam("user_id"),
    Favorite.track_id == func.any(bindparam("ids", type_=ARRAY(Uuid()))),
)


def favorites_among(database: Database, *, user_id: UUID, track_ids: Sequence[str]) -> set[str]:
    values = {"user_id": user_id, "ids": [UUID(one) for one in track_ids]}
    return {str(found) for found in database.scalars(AMONG, values)}
