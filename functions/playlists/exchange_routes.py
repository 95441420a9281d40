"""Playlists as files, in and out, and what became of their rows."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Request, Response

from djamms.api.idempotency import repeatable
from djamms.api.limits import at_most
from djamms.api.route import Caller, Database, create_router, needs
from djamms.exchange import service
from djamms.exchange.exporting import File, export_playlist
from djamms.exchange.files import MEDIA_TYPES, Format
from djamms.exchange.outcomes import RowState
from djamms.exchange.schemas import (
    DecisionsReply,
    DecisionsRequest,
    ImportReply,
    ImportReport,
    PlaylistFile,
)
from djamms.security.permissions import Permission
from functions.playlists import imports

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
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> ImportReport:
    """What became of each row, for those who may edit the playlist."""
    return service.report(
        database, principal=caller, playlist_id=playlist_id, state=state, page=page, limit=limit
    )


@router.post("/{playlist_id}/import-report/decisions", openapi_extra=WRITE)
async def decide(
    playlist_id: UUID, body: DecisionsRequest, database: Database, caller: Caller
) -> DecisionsReply:
    """All of them or none. Each is remembered, and holds for the same row of a later file."""
    return service.decide(
        database, principal=caller, playlist_id=playlist_id, decisions=body.decisions
    )


def disposition(file: File, format_: Format) -> str:
    """RFC 6266: a name that every client reads, and the true one."""
    name = "".join(one if one.isalnum() or one in " -_." else "_" for one in file.name).strip(" .")
    plain = name.encode("ascii", "replace").decode().replace("?", "_") or "playlist"
    exact = quote(f"{name or 'playlist'}.{format_}")
    return f"attachment; filename=\"{plain}.{format_}\"; filename*=UTF-8''{exact}"
