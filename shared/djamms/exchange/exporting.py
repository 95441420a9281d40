"""A playlist as a file, with the rows that wait for their tracks in their places."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.config import config
from djamms.db.types import AnyRow
from djamms.errors import Conflict
from djamms.exchange import files, repository
from djamms.exchange.formats.source import MAX_ROWS, SourceRow, source_of
from djamms.exchange.kinds import Format
from djamms.playlists import rules_repository
from djamms.playlists.rule_conditions_repository import View
from djamms.playlists.rules import Rules
from djamms.playlists.schemas import PlaylistReply
from djamms.playlists.service import get_playlist
from djamms.security.principal import Principal

# What a Lambda function may answer, with room for what is around it.
MAX_BYTES = 5_500_000


class File(NamedTuple):
    name: str
    content: bytes


def export_playlist(
    database: Database, *, principal: Principal, playlist_id: UUID, format_: Format
) -> File:
    """Raises NotFound, and Conflict for a playlist that is too large to send in this format."""
    playlist = get_playlist(database, principal=principal, playlist_id=playlist_id)
    if playlist.rules:
        rows = _chosen(database, principal, playlist, playlist.rules)
    else:
        entries = repository.exported_entries(
            database, principal=principal, playlist_id=playlist_id
        )
        rows = list(woven(database, playlist_id, entries))
    content = files.write(
        format_,
        name=playlist.name,
        description=playlist.description or "",
        rows=rows,
        address=f"{config.api_base_url}/music/tracks/{{}}/stream",
    ).encode()
    if len(content) > MAX_BYTES:
        raise Conflict("This playlist is too large for a file of this format; CSV is the smallest.")
    return File(playlist.name, content)


def _chosen(
    database: Database, principal: Principal, playlist: PlaylistReply, rules: Rules
) -> list[SourceRow]:
    """Raises Conflict where it is more than a file takes that is read in again."""
    owner = UUID(playlist.owner_id) if playlist.owner_id else None
    view = View(owner, clock.now())
    found = rules_repository.list_tracks(
        database, principal=principal, rules=rules, view=view, offset=0, limit=MAX_ROWS + 1
    )
    if len(found) > MAX_ROWS:
        raise Conflict(f"The rules choose more than {MAX_ROWS:,} tracks: give them a limit first.")
    return [_row(track, track.id) for track in found]


def woven(database: Database, playlist_id: UUID, entries: Sequence[AnyRow]) -> Iterator[SourceRow]:
    waiting = repository.unmatched_rows(database, playlist_id)
    behind = _places(database, playlist_id, entries, waiting) if waiting else {}
    yield from map(source_of, behind.get(None, ()))
    for entry in entries:
        # A missing one goes out as words, as rows do that wait for their tracks.
        yield _row(entry, entry.track_id if entry.is_visible else None)
        yield from map(source_of, behind.get(entry.id, ()))


def _places(
    database: Database, playlist_id: UUID, entries: Sequence[AnyRow], waiting: Sequence[AnyRow]
) -> dict[UUID | None, list[AnyRow]]:
    """Behind which entry each row stands; None = before all."""
    present = {entry.id for entry in entries}
    placed: defaultdict[UUID, list[tuple[int, UUID]]] = defaultdict(list)
    for row in repository.placed_rows(database, playlist_id):
        if row.entry_id in present:
            placed[row.import_id].append((row.number, row.entry_id))
    for one in placed.values():
        one.sort()
    found: defaultdict[UUID | None, list[AnyRow]] = defaultdict(list)
    for waits in waiting:
        before = placed[waits.import_id]
        rank = bisect(before, waits.number, key=lambda pair: pair[0])
        found[before[rank - 1][1] if rank else None].append(waits)
    return found


def _row(track: AnyRow, track_id: UUID | None) -> SourceRow:
    return SourceRow(
        title=track.title,
        artist=track.artist,
        album=track.album or "",
        seconds=track.duration_seconds,
        isrc=track.isrc,
        track_id=track_id,
    )
