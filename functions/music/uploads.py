"""The two ways to upload: ask for a presigned form, or send a small file with the request."""

import re
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from djamms.api.route import Caller, Database
from djamms.errors import PayloadTooLarge, Unprocessable
from djamms.music import service
from djamms.music.schemas import BulkUpload, BulkUploadReply, UploadReply, UploadRequest

MULTIPART = "multipart/form-data"
CONTENT_TYPE = r"[a-z]+/[a-z0-9.+-]{1,90}"
# Lambda takes 6 MB with everything around the file, and base64 adds a third.
MAX_FILE_BYTES = 4_000_000
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/UploadRequest"}},
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "isPublic": {"type": "boolean", "default": True},
                    },
                },
                "example": {"file": "night-ferry.mp3", "isPublic": True},
            },
        },
    }
}


async def upload(request: Request, database: Database, caller: Caller) -> UploadReply:
    if request.headers.get("content-type", "").lower().startswith(MULTIPART):
        return await _with_file(request, database, caller)
    return await _presigned(request, database, caller)


async def _presigned(request: Request, database: Database, caller: Caller) -> UploadReply:
    try:
        asked = UploadRequest.model_validate_json(await request.body() or b"{}")
    except ValidationError as error:
        raise _as_request_error(error) from error
    return presigned(request, database, caller, BulkUpload(files=[asked])).uploads[0]


def presigned(
    request: Request, database: Database, caller: Caller, asked: BulkUpload
) -> BulkUploadReply:
    replies = service.request_uploads(
        database, principal=caller, files=asked.files, correlation_id=request.state.request_id
    )
    return BulkUploadReply(uploads=replies)


async def _with_file(request: Request, database: Database, caller: Caller) -> UploadReply:
    async with request.form(max_files=1, max_fields=5) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise _missing("file", "send one file under this name")
        content = await file.read()
        if len(content) > MAX_FILE_BYTES:
            raise PayloadTooLarge(
                "Only files up to 4 MB can come with the request. Ask for a presigned upload "
                "instead: send JSON with filename, contentType and size to this address."
            )
        if not content:
            raise _missing("file", "the file is empty")
        track = service.receive_upload(
            database,
            principal=caller,
            filename=file.filename[:255],
            content_type=plain_type(file.content_type or ""),
            content=content,
            is_public=str(form.get("isPublic", "true")).lower() != "false",
            correlation_id=request.state.request_id,
        )
    return UploadReply(track=track, upload=None)


def plain_type(stated: str) -> str:
    """What a client says is only a hint: ingest looks at the bytes."""
    return stated if re.fullmatch(CONTENT_TYPE, stated) else "application/octet-stream"


def _as_request_error(error: ValidationError) -> RequestValidationError:
    """As if FastAPI had read the body: the same status, shape and words."""
    problems: list[dict[str, Any]] = [
        {**problem, "loc": ("body", *(problem["loc"] or (0,)))}
        for problem in error.errors(include_url=False)
    ]
    return RequestValidationError(problems)


def _missing(field: str, reason: str) -> Unprocessable:
    return Unprocessable(f"{field}: {reason}", details=[{"field": field, "reason": reason}])
