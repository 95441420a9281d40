"""Playlists as files, in and out, and what became of their rows.

What reads, writes and matches them is imported where it is used: a tenth of a cold start.
"""

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Request, Response

from djamms.api.conditional import etag_of, matching
from djamms.api.idempotency import repeatable
from djamms.api.limits import at_most
from djamms.api.paging import Limit, PageNumber
from djamms.api.route import Caller, Database, create_router, needs
from djamms.exchange.kinds import MEDIA_TYPES, Format
from djamms.exchange.schemas import (
    DecisionsReply,
    DecisionsRequest,
    ImportReply,
    ImportReport,
    PlaylistFile,
)
from djamms.models.exchange import RowState
from djamms.playlists.precondition import Expected
from djamms.security.permissions import Permission
from functions.playlists import imports
from functions.playlists.edits import CHANGED_MEANWHILE, IfMatch

if TYPE_CHECKING:
    from djamms.exchange.exporting import File

READ, WRITE = needs(Permission.READ_PLAYLISTS), needs(Permission.WRITE_PLAYLISTS)
TEXT = {"schema": {"type": "string"}}
EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {
        "model": PlaylistFile,
        "description": "The playlist as a file.",
        "content": {
            kind.partition(";")[0]: TEXT
            for format_, kind in MEDIA_TYPES.items()
            if format_ != Format.JSON
        },
    }
}

router = create_router("/api/playlists", tag="playlists")


@router.post(
    "/import",
    status_code=201,
    openapi_extra=WRITE | repeatable() | at_most(10, seconds=60) | imports.BODY,
)
async def import_playlist(
    request: Request, response: Response, database: Database, caller: Caller
) -> ImportReply:
    """A file of M3U, M3U8, XSPF, CSV or JSON becomes a playlist. Up to 4 MB and 10,000 rows.

    Rows that are found for certain are in it. The others keep their places: they are matched when
    their tracks arrive, or when somebody decides. Of a file that takes too long the last rows are
    missing for the reason `later`: they are looked for within the hour.
    """
    reply = await imports.import_(request, database, caller)
    response.headers["Location"] = f"/api/playlists/{reply.playlist.id}"
    return reply


@router.get("/{playlist_id}/export", openapi_extra=READ, responses=EXPORTED, response_model=None)
async def export(
    playlist_id: UUID,
    database: Database,
    caller: Caller,
    format_: Annotated[Format, Query(alias="format")] = Format.JSON,
) -> Response:
    from djamms.exchange.exporting import export_playlist

    file = export_playlist(database, principal=caller, playlist_id=playlist_id, format_=format_)
    return Response(
        file.content,
        media_type=MEDIA_TYPES[format_],
        headers={"Content-Disposition": disposition(file, format_)},
    )


@router.get("/{playlist_id}/import-report", openapi_extra=WRITE)
async def import_report(
    playlist_id: UUID,
    database: Database,
    caller: Caller,
    state: RowState | None = None,
    page: PageNumber = 1,
    limit: Limit = 100,
) -> ImportReport:
    """What became of each row, for those who may edit the playlist."""
    from djamms.exchange import service

    return service.report(
        database, principal=caller, playlist_id=playlist_id, state=state, page=page, limit=limit
    )


@router.post(
    "/{playlist_id}/import-report/decisions", openapi_extra=WRITE, responses=CHANGED_MEANWHILE
)
async def decide(
    playlist_id: UUID,
    body: DecisionsRequest,
    response: Response,
    database: Database,
    caller: Caller,
    if_match: IfMatch = None,
) -> DecisionsReply:
    """All of them or none. Each is remembered, and holds for the same row of a later file."""
    from djamms.exchange import service

    decided = service.decide(
        database,
        principal=caller,
        playlist_id=playlist_id,
        decisions=body.decisions,
        expected=Expected(body.version, matching(if_match)),
    )
    response.headers["ETag"] = etag_of(decided.playlist.model_dump_json(by_alias=True).encode())
    return decided


def disposition(file: "File", format_: Format) -> str:
    """RFC 6266: a name that every client reads, and the true one."""
    name = "".join(one if one.isalnum() or one in " -_." else "_" for one in file.name).strip(" .")
    plain = name.encode("ascii", "replace").decode().replace("?", "_") or "playlist"
    exact = quote(f"{name or 'playlist'}.{format_}")
    return f"attachment; filename=\"{plain}.{format_}\"; filename*=UTF-8''{exact}"
