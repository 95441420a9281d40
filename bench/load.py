"""Puts the made-up catalogue straight into PostgreSQL, and a playlist and accounts beside it."""

import io
from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID, uuid5

from sqlalchemy import Connection, create_engine, text

from bench.catalogue import CatalogueTrack
from bench.search_tables import filled_at_once

NAMESPACE = UUID("5a0b1f2e-7c3d-4e8f-9a6b-1c2d3e4f5a6b")
PLAYLIST = uuid5(NAMESPACE, "playlist")
BATCH = 20_000
COLUMNS = (
    "id, title, artist, album, genre, duration, year, bitrate, file_size, file_path,"
    " thumbnail_url, popularity, play_count, metadata, is_public, content_type, track_number,"
    " created_at, updated_at"
)
# About what ingest keeps of a file's tags.
METADATA = (
    '{"artists": ["%s"], "album_artist": "%s", "genres": ["%s"], "audio": {"format": "mp3",'
    ' "duration_seconds": %d.337, "sample_rate_hz": 44100, "channels": 2}, "tags": {"TIT2": ["%s"],'
    ' "TPE1": ["%s"], "TSSE": ["LAME 64bits version 3.100"]}, "warnings": []}'
)


class NamedPlaylist(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def tracks(self) -> int: ...


def fill(
    url: str, tracks: Sequence[CatalogueTrack], playlists: Iterable[NamedPlaylist] = ()
) -> None:
    """Replaces nothing: the database is a fresh one."""
    engine = create_engine(url.split("?")[0])
    with engine.begin() as connection:
        with filled_at_once(connection):
            for start in range(0, len(tracks), BATCH):
                copy(connection, tracks[start : start + BATCH])
        add_playlist(connection, tracks)
        add_names(connection, playlists)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def copy(connection: Connection, tracks: Iterable[CatalogueTrack]) -> None:
    lines = io.BytesIO("".join(map(line, tracks)).encode())
    cursor = connection.connection.cursor()
    cursor.execute(f"COPY tracks ({COLUMNS}) FROM STDIN", stream=lines)  # type: ignore[call-arg]
    cursor.close()


def line(track: CatalogueTrack) -> str:
    size = track.duration_seconds * track.bitrate_kbps * 125
    names = (track.artist, track.artist, track.genre or "", track.duration_seconds)
    values = (
        *(track.id, track.title, track.artist, track.album, track.genre),
        *(track.duration_seconds, track.year, track.bitrate_kbps, size),
        f"audio/2025/01/{track.artist}/{track.album}/{track.id}.mp3",
        f"images/tracks/{track.id}/thumbnail_150x150.jpg",
        *(track.popularity, track.play_count),
        METADATA % (*names, track.title, track.artist),
        *(track.is_public, "audio/mpeg", track.track_number, track.created_at, track.created_at),
    )
    return "\t".join("\\N" if value is None else str(value) for value in values) + "\n"


def add_playlist(
    connection: Connection, tracks: Sequence[CatalogueTrack], length: int = 100
) -> None:
    """A public playlist of tracks from all over the library."""
    chosen = [track for track in tracks if track.is_public]
    chosen = chosen[:: max(len(chosen) // length, 1)][:length]
    total = sum(track.duration_seconds for track in chosen)
    connection.execute(
        text(
            "INSERT INTO playlists (id, name, is_public, track_count, total_duration)"
            " VALUES (:id, 'Bench', true, :count, :total)"
        ),
        {"id": PLAYLIST, "count": len(chosen), "total": total},
    )
    connection.execute(
        text(
            "INSERT INTO playlist_tracks (playlist_id, track_id, position)"
            " VALUES (:playlist, :track, :position)"
        ),
        [
            {"playlist": PLAYLIST, "track": track.id, "position": (place + 1) << 20}
            for place, track in enumerate(chosen)
        ],
    )


def add_names(connection: Connection, playlists: Iterable[NamedPlaylist]) -> None:
    """Public playlists that are looked for by their name: nobody opens them."""
    rows = [{"id": one.id, "name": one.name, "tracks": one.tracks} for one in playlists]
    if rows:
        connection.execute(
            text(
                "INSERT INTO playlists (id, name, is_public, track_count)"
                " VALUES (:id, :name, true, :tracks)"
            ),
            rows,
        )
