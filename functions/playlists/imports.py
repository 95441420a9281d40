"""The two ways to send a playlist's file: as a form, or as text in JSON."""

from collections import Counter
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from djamms.api.route import Caller, Database
from djamms.errors import PayloadTooLarge, Unprocessable
from djamms.exchange.schemas import MAX_FILE_BYTES, ImportReply, ImportRequest

MULTIPART = "multipart/form-data"
FIELDS = ("name", "format", "isPublic")
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/ImportRequest"}},
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "name": {"type": "string"},
                        "format": {"type": "string", "enum": ["json", "m3u8", "xspf", "csv"]},
                        "isPublic": {"type": "boolean", "default": False},
                    },
                },
                "example": {"file": "late-evening.m3u8", "name": "Late Evening"},
            },
        },
    }
}


async def import_(request: Request, database: Database, caller: Caller) -> ImportReply:
    if request.headers.get("content-type", "").lower().startswith(MULTIPART):
        async with request.form(max_files=1, max_fields=5) as form:
            file = _file(form)
            data = await file.read()
            asked = _asked(
                {name: form[name] for name in FIELDS if name in form}
                | {"text": "in the file", "filename": (file.filename or "")[:255]}
            )
    else:
        asked = _read(await request.body())
        data = asked.text.encode("utf-8", "replace")
    if len(data) > MAX_FILE_BYTES:
        raise PayloadTooLarge("Playlists are read from files of up to 4 MB.")
    from djamms.exchange.importing import import_playlist  # formats and matching

    return import_playlist(
        database,
        principal=caller,
        data=data,
        filename=asked.filename,
        format_=asked.format,
        name=asked.name,
        is_public=asked.is_public,
    )


def _file(form: FormData) -> UploadFile:
    """Raises Unprocessable: nothing that was sent is passed over."""
    stated, file = Counter(name for name, _ in form.multi_items()), form.get("file")
    problems = {name: "send it once" for name, count in stated.items() if count > 1}
    known = {"file", *FIELDS}
    problems |= dict.fromkeys(stated.keys() - known, "a form has file, name, format, isPublic")
    if not isinstance(file, UploadFile):
        problems["file"] = "send one file under this name"
    if problems or not isinstance(file, UploadFile):
        details = [{"field": field[:50], "reason": why} for field, why in problems.items()]
        raise Unprocessable("The form is not valid.", details=details)
    return file


def _asked(fields: dict[str, Any]) -> ImportRequest:
    try:
        return ImportRequest.model_validate(fields)
    except ValidationError as error:
        raise _as_request_error(error) from error


def _read(body: bytes) -> ImportRequest:
    try:
        return ImportRequest.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise _as_request_error(error) from error


def _as_request_error(error: ValidationError) -> RequestValidationError:
    """As if FastAPI had read the body: the same status, shape and words."""
    problems: list[dict[str, Any]] = [
        {**problem, "loc": ("body", *(problem["loc"] or (0,)))}
        for problem in error.errors(include_url=False, include_input=False)
    ]
    return RequestValidationError(problems)
