"""What became of the rows of imported playlists, and what people decide about them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.errors import NotFound
from djamms.exchange import repository
from djamms.exchange.candidates_repository import tracks_by_id
from djamms.exchange.matching import Candidate
from djamms.exchange.placing import edited, place
from djamms.exchange.schemas import (
    CandidateReply,
    Decision,
    DecisionsReply,
    ImportReport,
    ImportRowReply,
    ImportSummary,
    MatchedTrack,
)
from djamms.models.exchange import Choice, ImportRow, PlaylistImport, RowState
from djamms.models.playlist import Playlist
from djamms.music.repository import visible_ids
from djamms.playlists.history_repository import content, delete_all
from djamms.playlists.precondition import ANYTHING, Expected, lock_expected
from djamms.playlists.rewind import Undo
from djamms.playlists.service import find_editable, get_playlist
from djamms.security.principal import Principal


def report(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    state: RowState | None,
    page: int,
    limit: int,
) -> ImportReport:
    """For who may edit the playlist. Raises Forbidden, and NotFound, also where it was never
    imported."""
    find_editable(database, principal, playlist_id)
    imports = _imported(database, playlist_id)
    rows = repository.list_rows(
        database, playlist_id=playlist_id, state=state, offset=(page - 1) * limit, limit=limit
    )
    total = sum(one.rows if state is None else getattr(one, state) for one in imports)
    return ImportReport(
        imports=imports,
        rows=present(database, principal, rows),
        total=total,
        page=page,
        limit=limit,
    )


def summaries(database: Database, playlist_id: UUID) -> list[ImportSummary]:
    return [_summary(row) for row in repository.list_imports(database, playlist_id)]


def decide(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    decisions: Sequence[Decision],
    expected: Expected = ANYTHING,
) -> DecisionsReply:
    """All of them or none; each is remembered for the next file that says the same. Raises
    Conflict, Forbidden, and NotFound for a row or a track that is not there."""
    playlist = lock_expected(
        database, principal=principal, playlist_id=playlist_id, expected=expected
    )
    ids = [one.row_id for one in decisions]
    found = repository.rows_by_id(database, playlist_id=playlist_id, row_ids=ids)
    _check(database, principal, decisions, set(found))
    before = list(content(database, playlist_id)[1])
    for one in decisions:
        _apply(database, principal, playlist, found[one.row_id].ImportRow, one)
        database.flush()
    after = set(content(database, playlist_id)[1].entries)
    undo = Undo.between(before, after)
    if undo.added or undo.removed:
        edited(database, playlist, made_by=principal.user_id, undo=undo)
    changed = repository.rows_by_id(database, playlist_id=playlist_id, row_ids=ids)
    return DecisionsReply(
        playlist=get_playlist(database, principal=principal, playlist_id=playlist_id),
        imports=summaries(database, playlist_id),
        rows=present(database, principal, [changed[row_id] for row_id in dict.fromkeys(ids)]),
    )


def _imported(database: Database, playlist_id: UUID) -> list[ImportSummary]:
    if imports := summaries(database, playlist_id):
        return imports
    raise NotFound("This playlist was not imported from a file.")


def _check(
    database: Database, principal: Principal, decisions: Sequence[Decision], rows: set[UUID]
) -> None:
    wanted = {one.track_id for one in decisions if one.decision == Choice.ACCEPT and one.track_id}
    tracks = visible_ids(database, principal=principal, track_ids=list(wanted))
    unknown = [("rowId", one.row_id) for one in decisions if one.row_id not in rows]
    unknown += [("trackId", track_id) for track_id in sorted(wanted - tracks)]
    if unknown:
        raise NotFound(
            f"{len(unknown)} of these rows and tracks do not exist; nothing was decided.",
            details=[
                {"field": name, "reason": f"{one} does not exist"} for name, one in unknown[:20]
            ],
        )


def _apply(
    database: Database, principal: Principal, playlist: Playlist, row: ImportRow, said: Decision
) -> None:
    match said.decision:
        case Choice.ACCEPT:
            _accept(database, principal, playlist, row, said.track_id)
        case Choice.REJECT:
            _reject(database, principal, playlist, row, said.track_id)
        case Choice.NEVER:
            _take_out(database, playlist, row)
            row.state, row.reasons, row.candidates = RowState.NEVER, ["decided"], []
            _remember(database, principal, row, Choice.NEVER, None)


def _accept(
    database: Database,
    principal: Principal,
    playlist: Playlist,
    row: ImportRow,
    track_id: UUID | None,
) -> None:
    assert track_id is not None  # the schema asks for one
    _take_out(database, playlist, row)
    place(database, playlist_id=playlist.id, row=row, track_id=track_id, by=principal.user_id)
    row.rejected = [one for one in row.rejected if one != track_id]
    row.state, row.track_id, row.score, row.reasons = RowState.MATCHED, track_id, 1.0, ["decided"]
    _remember(database, principal, row, Choice.ACCEPT, track_id)


def _reject(
    database: Database,
    principal: Principal,
    playlist: Playlist,
    row: ImportRow,
    track_id: UUID | None,
) -> None:
    offered = [UUID(one["trackId"]) for one in row.candidates]
    meant = [track_id] if track_id else [*offered, row.track_id]
    wanted = dict.fromkeys(one for one in meant if one)
    row.rejected = list(dict.fromkeys([*row.rejected, *wanted]))
    for one in wanted:
        _remember(database, principal, row, Choice.REJECT, one)
    row.candidates = [one for one in row.candidates if UUID(one["trackId"]) not in wanted]
    if row.state == RowState.MATCHED and row.track_id not in wanted:
        return
    _take_out(database, playlist, row)
    row.state = RowState.DOUBTFUL if row.candidates else RowState.MISSING
    row.score, row.reasons = None, []


def _take_out(database: Database, playlist: Playlist, row: ImportRow) -> None:
    """The row keeps the entry's id: a version that is restored may bring it back."""
    if row.entry_id is not None:
        delete_all(database, playlist_id=playlist.id, entry_ids=[row.entry_id])
    row.track_id = row.score = None


def _remember(
    database: Database, principal: Principal, row: ImportRow, said: Choice, track_id: UUID | None
) -> None:
    if principal.user_id:
        repository.remember(
            database,
            user_id=principal.user_id,
            source_key=row.source_key,
            decision=said,
            track_id=track_id,
        )


def present(
    database: Database, principal: Principal, rows: Sequence[AnyRow]
) -> list[ImportRowReply]:
    """With those of their tracks that the caller can see."""
    named = {id_ for row in rows for id_ in _named(row.ImportRow)}
    tracks = {one.id: one for one in tracks_by_id(database, named, only_public=principal.is_guest)}
    return [_row(row.ImportRow, row.in_playlist, tracks) for row in rows]


def _named(row: ImportRow) -> Iterable[UUID]:
    if row.track_id:
        yield row.track_id
    yield from (UUID(one["trackId"]) for one in row.candidates)


def _row(row: ImportRow, in_playlist: bool, tracks: dict[UUID, Candidate]) -> ImportRowReply:
    track = tracks.get(row.track_id) if row.track_id else None
    return ImportRowReply(
        id=str(row.id),
        import_id=str(row.import_id),
        number=row.number,
        title=row.title,
        artist=row.artist,
        album=row.album,
        duration=row.duration_seconds,
        isrc=row.isrc,
        location=row.location,
        state=RowState(row.state),
        score=row.score,
        reasons=row.reasons,
        track=_track(track) if track else None,
        in_playlist=in_playlist,
        candidates=[
            _candidate(one, tracks[UUID(one["trackId"])])
            for one in row.candidates
            if UUID(one["trackId"]) in tracks
        ],
    )


def _candidate(said: dict[str, Any], track: Candidate) -> CandidateReply:
    return CandidateReply(
        track=_track(track), score=said["score"], reasons=said["reasons"], doubts=said["doubts"]
    )


def _track(track: Candidate) -> MatchedTrack:
    return MatchedTrack(
        id=str(track.id),
        title=track.title,
        artist=track.artist,
        album=track.album,
        duration=track.seconds,
        isrc=track.isrc,
    )


def _summary(row: AnyRow) -> ImportSummary:
    one: PlaylistImport = row.PlaylistImport
    counts = {name.value: getattr(row, name) for name in RowState}
    return ImportSummary(
        id=str(one.id),
        format=one.format,
        filename=one.filename,
        rows=row.rows,
        warnings=one.warnings,
        created_at=one.created_at,
        **counts,
    )
