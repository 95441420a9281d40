from uuid import UUID

from pydantic import BaseModel

from djamms.api.examples import MADE_AT, OTHER_TRACK_ID, TRACK_ID
from djamms.exchange.schemas import (
    CandidateReply,
    Decision,
    DecisionsReply,
    DecisionsRequest,
    FileTrack,
    ImportReply,
    ImportReport,
    ImportRequest,
    ImportRowReply,
    ImportSummary,
    MatchedTrack,
    PlaylistFile,
)
from djamms.models.exchange import Choice, RowState
from djamms.music.examples import TRACK
from djamms.playlists.examples import DESCRIPTION, NAME, PLAYLIST

IMPORT_ID = "4b0d6e2a-8c15-4f7d-9e3b-a1c2d3e4f598"
ROW_ID = "6d2f8a4c-0e37-4b9f-8d5c-c3e4f5a6b7d0"
WARNINGS = ["Rows without a title, an artist or a code were left out."]
FILE = "#EXTM3U\n#EXTINF:{},{} - {}\nnight-ferry.mp3\n#EXTINF:200,Nobody - Elsewhere\nelse.mp3\n"

SUMMARY = ImportSummary(
    id=IMPORT_ID,
    format="m3u8",
    filename="late-evening.m3u8",
    rows=2,
    matched=1,
    doubtful=1,
    missing=0,
    never=0,
    removed=0,
    warnings=WARNINGS,
    created_at=MADE_AT,
)
MATCHED = MatchedTrack(
    id=OTHER_TRACK_ID,
    title=TRACK.title,
    artist=TRACK.artist,
    album=TRACK.album,
    duration=TRACK.duration,
    isrc=None,
)
ROW = ImportRowReply(
    id=ROW_ID,
    import_id=IMPORT_ID,
    number=2,
    title=f"{TRACK.title} (Live)",
    artist=TRACK.artist,
    album="",
    duration=TRACK.duration,
    isrc=None,
    location="Live/02.mp3",
    state=RowState.DOUBTFUL,
    score=0.85,
    reasons=["title", "artist", "duration"],
    track=None,
    in_playlist=False,
    candidates=[
        CandidateReply(
            track=MATCHED, score=0.85, reasons=["title", "artist", "duration"], doubts=["version"]
        )
    ],
)

EXAMPLES: dict[str, BaseModel] = {
    "An M3U8 file": ImportRequest(
        text=FILE.format(TRACK.duration, TRACK.artist, TRACK.title), filename="late-evening.m3u8"
    ),
    "An imported playlist": ImportReply(playlist=PLAYLIST, report=SUMMARY),
    "What became of its rows": ImportReport(
        imports=[SUMMARY], rows=[ROW], total=2, page=1, limit=100
    ),
    "It is this one": DecisionsRequest(
        decisions=[
            Decision(row_id=UUID(ROW_ID), decision=Choice.ACCEPT, track_id=UUID(OTHER_TRACK_ID))
        ]
    ),
    "What was decided": DecisionsReply(playlist=PLAYLIST, imports=[SUMMARY], rows=[ROW]),
    "A playlist as a file": PlaylistFile(
        format="djamms-playlist",
        version=1,
        name=NAME,
        description=DESCRIPTION,
        tracks=[
            FileTrack(
                title=TRACK.title,
                artist=TRACK.artist,
                album=TRACK.album,
                duration=TRACK.duration,
                isrc=None,
                track_id=TRACK_ID,
                location=None,
            )
        ],
    ),
}

PARAMETERS: dict[str, tuple[str, str | None]] = {
    "format": ("Which kind of file to write.", None),
}
