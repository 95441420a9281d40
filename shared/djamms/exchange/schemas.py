from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from djamms.api.schema import RequestModel, ResponseModel, UtcTime
from djamms.exchange.kinds import Format
from djamms.models.exchange import Choice, RowState
from djamms.playlists.schemas import Name, PlaylistReply, Version

# Lambda takes 6 MB with everything around the file, and base64 adds a third.
MAX_FILE_BYTES = 4_000_000
MAX_DECISIONS = 500


class ImportRequest(RequestModel):
    """`text`: the file as it is. Its `format` follows from the file's name or its beginning, where
    it is not given; the playlist's `name` is the file's, likewise."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_FILE_BYTES)]
    name: Name | None = None
    filename: Annotated[str, Field(max_length=255)] = ""
    format: Format | None = None
    is_public: bool = False


class ImportSummary(ResponseModel):
    """How many rows a file had, and how many of them are in which state now. `removed`: their
    entries were taken out of the playlist, and nothing is looked for in their place."""

    id: str
    format: str
    filename: str | None
    rows: int
    matched: int
    doubtful: int
    missing: int
    never: int
    removed: int
    warnings: list[str]
    created_at: UtcTime


class ImportReply(ResponseModel):
    playlist: PlaylistReply
    report: ImportSummary


class MatchedTrack(ResponseModel):
    id: str
    title: str
    artist: str
    album: str | None
    duration: int
    isrc: str | None


class CandidateReply(ResponseModel):
    """`reasons` speak for the track, `doubts` against it."""

    track: MatchedTrack
    score: float
    reasons: list[str]
    doubts: list[str]


class ImportRowReply(ResponseModel):
    """A row as the file has it, and the track that stands for it, or did until it was removed."""

    id: str
    import_id: str
    number: int
    title: str
    artist: str
    album: str
    duration: int | None
    isrc: str | None
    location: str | None
    state: RowState
    score: float | None
    reasons: list[str]
    track: MatchedTrack | None
    in_playlist: bool
    candidates: list[CandidateReply]


class ImportReport(ResponseModel):
    """`total` rows of the state asked for, in the order of the file."""

    imports: list[ImportSummary]
    rows: list[ImportRowReply]
    total: int
    page: int
    limit: int


class Decision(RequestModel):
    """`accept` puts the track into the row's place; `reject` rules out one track, or, without
    `trackId`, all that are offered, and lets the row wait for another; `never`: no track is to
    stand for this row."""

    row_id: UUID
    decision: Choice
    track_id: UUID | None = None

    @model_validator(mode="after")
    def _names_what_it_accepts(self) -> Self:
        if self.decision == Choice.ACCEPT and self.track_id is None:
            raise ValueError("to accept, name the trackId")
        if self.decision == Choice.NEVER and self.track_id is not None:
            raise ValueError("never is about the row, not about a track")
        return self


class DecisionsRequest(RequestModel):
    """`version`: the playlist's, as the caller saw it."""

    decisions: Annotated[list[Decision], Field(min_length=1, max_length=MAX_DECISIONS)]
    version: Version | None = None


class DecisionsReply(ResponseModel):
    playlist: PlaylistReply
    imports: list[ImportSummary]
    rows: list[ImportRowReply]


class FileTrack(ResponseModel):
    """`track_id` where it is one of this library; `location` where it is not."""

    title: str
    artist: str
    album: str | None
    duration: int | None
    isrc: str | None
    track_id: str | None
    location: str | None


class PlaylistFile(ResponseModel):
    """A playlist as `format=json` exports it, and as an import takes it."""

    format: Literal["djamms-playlist"]
    version: int
    name: str
    description: str | None
    tracks: list[FileTrack]
