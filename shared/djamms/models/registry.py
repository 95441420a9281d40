"""All tables in one metadata: for migrations and the test that compares them with the models.

Functions import the model modules that they use; mapping all of them costs cold-start time.
"""

from djamms.models import (
    account,
    audit,
    counts,
    cover,
    exchange,
    favorite,
    history,
    library,
    moderation,
    playlist,
    request,
    schedule,
    search,
    search_analytics,
    sharing,
    system,
    track,
    user,
)
from djamms.models.base import Base

__all__ = [
    "account",
    "audit",
    "counts",
    "cover",
    "exchange",
    "favorite",
    "history",
    "library",
    "metadata",
    "moderation",
    "playlist",
    "request",
    "schedule",
    "search",
    "search_analytics",
    "sharing",
    "system",
    "track",
    "user",
]

metadata = Base.metadata
