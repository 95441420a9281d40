"""A file becomes a playlist: what is found is in it, what is not keeps its place and waits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.errors import Unprocessable
from djamms.exchange import files, repository
from djamms.exchange.finding import artist_names, title_texts
from djamms.exchange.formats.source import SourceList, SourceRow
from djamms.exchange.kinds import Format
from djamms.exchange.matching import readings
from djamms.exchange.outcomes import Outcome, plain_row, resolve, source_key
from djamms.exchange.placing import edited
from djamms.exchange.schemas import ImportReply
from djamms.exchange.service import summaries
from djamms.models.exchange import PlaylistImport
from djamms.playlists.repository import GAP
from djamms.playlists.rewind import Undo
from djamms.playlists.service import create_playlist, get_playlist, lock
from djamms.security.principal import Principal

UNNAMED = "Imported playlist"


def import_playlist(
    database: Database,
    *,
    principal: Principal,
    data: bytes,
    filename: str,
    format_: Format | None,
    name: str | None,
    is_public: bool,
) -> ImportReply:
    """Raises Unprocessable for a file that is no playlist, or of too many rows."""
    if not data.strip():
        raise Unprocessable("The file is empty.")
    known, source = files.read(data, filename=filename, format_=format_)
    made = create_playlist(
        database,
        principal=principal,
        name=name or source.name or UNNAMED,
        description=source.description or None,
        is_public=is_public,
    )
    playlist_id = UUID(made.id)
    playlist = lock(database, principal=principal, playlist_id=playlist_id)
    report = _new_import(playlist_id, principal, known, filename, source)
    repository.add_import(database, report)
    added = _fill(database, report, source.rows)
    if added:
        edited(database, playlist, made_by=principal.user_id, undo=Undo(added=added))
    return ImportReply(
        playlist=get_playlist(database, principal=principal, playlist_id=playlist_id),
        report=summaries(database, playlist_id)[0],
    )


def _new_import(
    playlist_id: UUID, principal: Principal, format_: Format, filename: str, source: SourceList
) -> PlaylistImport:
    return PlaylistImport(
        id=uuid4(),
        playlist_id=playlist_id,
        imported_by=principal.user_id,
        format=format_.value,
        filename=filename or None,
        warnings=source.warnings,
        created_at=clock.now(),
    )


def _fill(database: Database, report: PlaylistImport, rows: Sequence[SourceRow]) -> list[UUID]:
    """The ids of the new entries."""
    outcomes = resolve(database, user_id=report.imported_by, rows=rows)
    entry_ids = [uuid4() if one.track_id else None for one in outcomes]
    entries = [
        {"id": str(id_), "track_id": str(one.track_id), "key": number * GAP}
        for number, (id_, one) in enumerate(zip(entry_ids, outcomes, strict=True), start=1)
        if id_
    ]
    repository.insert_entries(
        database, playlist_id=report.playlist_id, entries=entries, added_by=report.imported_by
    )
    described = zip(rows, outcomes, entry_ids, strict=True)
    repository.insert_rows(
        database,
        report.id,
        [_row(number, *one) for number, one in enumerate(described, start=1)],
    )
    return [entry_id for entry_id in entry_ids if entry_id]


def _row(number: int, row: SourceRow, outcome: Outcome, entry_id: UUID | None) -> dict[str, Any]:
    plain = plain_row(row)
    names = {name for one in readings(plain) for name in artist_names(one.artist)}
    return {
        "id": str(uuid4()),
        "number": number,
        "title": row.title,
        "artist": row.artist,
        "album": row.album,
        "duration": row.seconds,
        "isrc": row.isrc,
        "location": row.location,
        "source_key": source_key(row),
        "titles": sorted({text for text, _ in title_texts(plain)}),
        "artists": sorted(names),
        "state": outcome.state,
        "score": outcome.score,
        "reasons": outcome.reasons,
        "candidates": outcome.candidates,
        "track_id": outcome.track_id and str(outcome.track_id),
        "entry_id": entry_id and str(entry_id),
    }
