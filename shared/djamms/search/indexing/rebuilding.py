"""The index made anew on somebody's word: an operator's, or an admin's."""

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session as Database

from djamms.config import config
from djamms.errors import Unprocessable
from djamms.search.indexing import service

ACTS = ("begin", "cancel", "look")


def rebuild(database: Database, act: str) -> dict[str, Any]:
    """What is there afterwards, for logs and terminals. Raises Unprocessable."""
    if act not in ACTS:
        raise Unprocessable(f"There is no {act!r}: say one of {', '.join(ACTS)}.")
    if not config.index_queue_url:
        raise Unprocessable("There is no OpenSearch here: PostgreSQL searches, without an index.")
    if act == "cancel":
        service.cancel(database)
    found = service.begin(database)[0] if act == "begin" else service.progress(database)
    times = ("created_at", "live_at")
    facts = asdict(found) if found else {}
    return {name: str(fact) if name in times else fact for name, fact in facts.items()}
