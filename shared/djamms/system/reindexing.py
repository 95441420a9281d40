"""The search index made anew, on an administrator's word."""

from dataclasses import asdict

from sqlalchemy.orm import Session as Database

from djamms.config import config
from djamms.errors import NotFound
from djamms.search.indexing import service
from djamms.search.indexing.lag import lag_seconds
from djamms.search.indexing.service import Progress
from djamms.security import audit
from djamms.security.audit import Event
from djamms.security.principal import Principal
from djamms.system.schemas import SearchIndexReply


def begin(database: Database, *, principal: Principal, source_ip: str) -> SearchIndexReply:
    """Wants a new index, or says how far the one is that is on its way: asked twice, there is one.
    Raises NotFound where PostgreSQL searches, without an index."""
    _require_index()
    found, is_new = service.begin(database)
    if is_new:
        audit.record(
            database,
            Event.REINDEX_BEGUN,
            user_id=principal.user_id,
            source_ip=source_ip,
            details={"index": found.name},
        )
    return _reply(database, found)


def progress(database: Database) -> SearchIndexReply:
    """Raises NotFound."""
    _require_index()
    found = service.progress(database)
    if found is None:
        raise NotFound("There is no search index yet: it is made within a minute.")
    return _reply(database, found)


def _require_index() -> None:
    if not config.index_queue_url:
        raise NotFound("There is no OpenSearch here: PostgreSQL searches, without an index.")


def _reply(database: Database, found: Progress) -> SearchIndexReply:
    return SearchIndexReply(**asdict(found), lag_seconds=round(lag_seconds(database), 1))
