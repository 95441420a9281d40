"""The two ways to upload: ask for a presigned form, or send a small file with the request."""

import re
from typing import NamedTuple

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from djamms.api import forms
from djamms.api.route import Caller, Database
from djamms.errors import PayloadTooLarge
from djamms.music import service
from djamms.music.schemas import BulkUpload, BulkUploadReply, UploadReply, UploadRequest

CONTENT_TYPE = r"[a-z]+/[a-z0-9.+-]{1,90}"
# Lambda takes 6 MB with everything around the file, and base64 adds a third.
MAX_FILE_BYTES = 4_000_000
IS_PUBLIC = ("isPublic", "is_public")
BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
BODY = forms.described(
    "UploadRequest",
    {"isPublic": {"type": "boolean", "default": True}},
    {"file": "night-ferry.mp3", "isPublic": True},
)


async def upload(request: Request, database: Database, caller: Caller) -> UploadReply:
    if forms.is_form(request):
        return await _with_file(request, database, caller)
    return await _presigned(request, database, caller)


async def _presigned(request: Request, database: Database, caller: Caller) -> UploadReply:
    asked = forms.read(UploadRequest, await request.body())
    return presigned(request, database, caller, BulkUpload(files=[asked])).uploads[0]


def presigned(
    request: Request, database: Database, caller: Caller, asked: BulkUpload
) -> BulkUploadReply:
    replies = service.request_uploads(
        database, principal=caller, files=asked.files, correlation_id=request.state.request_id
    )
    return BulkUploadReply(uploads=replies)


async def _with_file(request: Request, database: Database, caller: Caller) -> UploadReply:
    from djamms.music.receiving import receive_upload  # boto3: 250 ms that only this needs

    async with request.form(max_files=1, max_fields=5) as form:
        fields = _fields(form)
        content = await fields.file.read()
        if len(content) > MAX_FILE_BYTES:
            raise PayloadTooLarge(
                "Only files up to 4 MB can come with the request. Ask for a presigned upload "
                "instead: send JSON with filename, contentType and size to this address."
            )
        if not content:
            raise forms.invalid({"file": "the file is empty"})
        track = receive_upload(
            database,
            principal=caller,
            filename=(fields.file.filename or "")[:255],
            content_type=plain_type(fields.file.content_type or ""),
            content=content,
            is_public=fields.is_public,
            correlation_id=request.state.request_id,
        )
    return UploadReply(track=track, upload=None)


class FileForm(NamedTuple):
    file: UploadFile
    is_public: bool


def _fields(form: FormData) -> FileForm:
    """Raises Unprocessable with the names of fields."""
    problems: dict[str, str] = {}
    public = next((name for name in IS_PUBLIC if name in form), "")
    answer = BOOLEANS.get(str(form.get(public, "true")).lower())
    if answer is None:
        problems[public] = "send true or false"
    return FileForm(forms.one_file(form, IS_PUBLIC, problems), is_public=answer is not False)


def plain_type(stated: str) -> str:
    """What a client says is only a hint: ingest looks at the bytes."""
    return stated if re.fullmatch(CONTENT_TYPE, stated) else "application/octet-stream"
