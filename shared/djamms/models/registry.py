"""All tables in one metadata: for migrations and the test that compares them with the models.

Functions import the model modules that they use; mapping all of them costs cold-start time.
"""

from djamms.models import (
    counts,
    exchange,
    library,
    playlist,
    request,
    schedule,
    search,
    system,
    track,
    user,
)
from djamms.models.base import Base

__all__ = [
    "counts",
    "exchange",
    "library",
    "metadata",
    "playlist",
    "request",
    "schedule",
    "search",
    "system",
    "track",
    "user",
]

metadata = Base.metadata
