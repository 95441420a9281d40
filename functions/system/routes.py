from typing import Any

from fastapi import Request

from djamms import __version__
from djamms.api.limits import address_of
from djamms.api.route import Caller, Database, create_router, needs, not_yet, public
from djamms.config import config
from djamms.security.permissions import Permission
from djamms.system import reindexing, service
from djamms.system.schemas import HealthReply, IndexReply, SearchIndexReply, StatusReply

READ = needs(Permission.READ_SYSTEM)
ADMIN = needs(Permission.ADMIN_SYSTEM)

router = create_router("", tag="system")


@router.get("/", openapi_extra=public(), include_in_schema=False, name="root_index")
@router.get("/api", openapi_extra=public())
async def index() -> IndexReply:
    """What this is, and where to go on."""
    base = config.api_base_url
    return IndexReply(
        name="DJAMMS",
        version=__version__,
        docs=f"{base}/docs",
        openapi=f"{base}/openapi.json",
        health=f"{base}/health",
    )


@router.get("/health", openapi_extra=public())
@router.get("/api/health", openapi_extra=public(), name="api_health")
async def health() -> HealthReply:
    """That the function runs; it asks nothing else, so that it stays cheap."""
    return HealthReply(status="ok", version=__version__)


@router.get("/api/system/status", openapi_extra=needs(Permission.READ_TRACKS))
async def status(database: Database, caller: Caller) -> StatusReply:
    """Coarse for everyone who may look at the library, in full for who may read the system."""
    return service.status(database, principal=caller)


NO_INDEX: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no OpenSearch here: PostgreSQL searches, without an index."}
}


@router.post("/api/system/search/reindex", openapi_extra=ADMIN, status_code=202, responses=NO_INDEX)
async def reindex(request: Request, database: Database, caller: Caller) -> SearchIndexReply:
    """Makes the search index anew while the old one serves. One that is on its way goes on."""
    return reindexing.begin(database, principal=caller, source_ip=address_of(request))


@router.get(
    "/api/system/search/reindex",
    openapi_extra=ADMIN,
    name="reindex_progress",
    responses=NO_INDEX,
)
async def reindex_progress(database: Database) -> SearchIndexReply:
    """How far the index on its way is, or else the live one."""
    return reindexing.progress(database)


not_yet(router, "GET", "/api/system/monitoring", READ)
not_yet(router, "GET", "/api/system/devices", READ)
not_yet(router, "GET", "/api/system/logs", READ)
not_yet(router, "POST", "/api/system/logs/download", READ)
not_yet(router, "GET", "/api/system/storage", READ)
