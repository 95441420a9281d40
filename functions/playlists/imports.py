"""The two ways to send a playlist's file: as a form, or as text in JSON."""

from fastapi import Request

from djamms.api import forms
from djamms.api.route import Caller, Database
from djamms.errors import PayloadTooLarge
from djamms.exchange.schemas import MAX_FILE_BYTES, ImportReply, ImportRequest

FIELDS = ("name", "format", "isPublic")
BODY = forms.described(
    "ImportRequest",
    {
        "name": {"type": "string"},
        "format": {"type": "string", "enum": ["json", "m3u8", "xspf", "csv"]},
        "isPublic": {"type": "boolean", "default": False},
    },
    {"file": "late-evening.m3u8", "name": "Late Evening"},
)


async def import_(request: Request, database: Database, caller: Caller) -> ImportReply:
    if forms.is_form(request):
        async with request.form(max_files=1, max_fields=5) as form:
            file = forms.one_file(form, FIELDS, {})
            data = await file.read()
            fields = {name: form[name] for name in FIELDS if name in form}
            named = {"text": "in the file", "filename": (file.filename or "")[:255]}
            asked = forms.read(ImportRequest, fields | named)
    else:
        asked = forms.read(ImportRequest, await request.body())
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
