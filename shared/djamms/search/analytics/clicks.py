"""What was opened of what was found."""

from datetime import timedelta

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.config import config
from djamms.errors import NotFound, Unprocessable
from djamms.search.analytics import clicks_repository
from djamms.search.analytics.schemas import ClickRequest
from djamms.search.analytics.searcher import Visitor, all_names
from djamms.security.principal import Principal

# After that a day's searches are summed up.
CLICKABLE = timedelta(hours=6)


def click(
    database: Database, *, principal: Principal, visitor: Visitor, clicked: ClickRequest
) -> None:
    """Raises NotFound for a search of somebody else's, or of too long ago; Unprocessable for a
    position behind its last result."""
    now = clock.now()
    kind, document = clicked.clicked
    found = clicks_repository.add_click(
        database,
        search_id=clicked.search_id,
        searchers=all_names(principal, visitor, key=config.jwt_secret, at=now),
        since=now - CLICKABLE,
        kind=kind,
        document=document,
        position=clicked.position,
        now=now,
    )
    if found is None:
        raise NotFound("There is no such search of yours in the last six hours.")
    if not found:
        reason = "The search found less than that."
        details = [{"field": "position", "reason": reason}]
        raise Unprocessable(f"position: {reason}", details=details)
