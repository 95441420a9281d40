from typing import Annotated

from fastapi import Query

from djamms.api.route import Caller, Database, create_router, needs, not_yet
from djamms.search import service
from djamms.search.schemas import SearchReply
from djamms.security.permissions import Permission

READ = needs(Permission.READ_TRACKS)
Filter = Annotated[str | None, Query(max_length=255)]

router = create_router("/api/music", tag="search")


@router.get("/search", openapi_extra=READ)
async def search(
    database: Database,
    caller: Caller,
    q: Annotated[str, Query(max_length=500)] = "",
    genre: Filter = None,
    artist: Filter = None,
    year: Filter = None,
    duration: Filter = None,
    bitrate: Filter = None,
    popularity: Filter = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> SearchReply:
    filters = {
        "genre": genre,
        "artist": artist,
        "year": year,
        "duration": duration,
        "bitrate": bitrate,
        "popularity": popularity,
    }
    return service.search(database, principal=caller, q=q, filters=filters, page=page, limit=limit)


not_yet(router, "GET", "/suggest", READ)
