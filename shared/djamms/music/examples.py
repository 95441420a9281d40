from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel

from djamms.api.examples import API, CDN, CHANGED_AT, MADE_AT, OTHER_TRACK_ID, TRACK_ID
from djamms.music.schemas import (
    AlbumReply,
    ArtistReply,
    ArtworkReply,
    BulkDelete,
    BulkEdit,
    BulkReply,
    BulkRestore,
    BulkUpload,
    BulkUploadReply,
    DeletedTrack,
    GenreReply,
    MissingTrack,
    Pagination,
    PlayReply,
    PlayRequest,
    PlaySource,
    TrackChanges,
    TrackDetails,
    TrackPage,
    TrackReply,
    TrackState,
    UploadReply,
    UploadRequest,
    UploadTarget,
)

TITLE, ARTIST, ALBUM, GENRE = "Night Ferry", "Mira Calder", "Harbour Lights", "Ambient"
FILENAME, CONTENT_TYPE, SIZE_BYTES = "night-ferry.mp3", "audio/mpeg", 9_840_000
THUMBNAIL = f"{CDN}/images/tracks/{TRACK_ID}/thumbnail_150x150.jpg"
STREAM = f"{API}/music/tracks/{TRACK_ID}/stream?token=1778349600.bm90LWEtc2lnbmF0dXJl"

TRACK = TrackReply(
    id=TRACK_ID,
    title=TITLE,
    artist=ARTIST,
    album=ALBUM,
    genre=GENRE,
    duration=246,
    year=2024,
    bitrate=320,
    file_size=9.84,
    thumbnail=THUMBNAIL,
    audio_url=STREAM,
    url=STREAM,
    popularity=64,
    plays=128,
    rating=4,
    date_added=MADE_AT,
    updated_at=CHANGED_AT,
    source="local",
    explicit=False,
    bpm=122.0,
    key="Am",
    isrc="QZABC2400017",
    track_number=3,
    disc_number=1,
    is_public=True,
    is_favorite=False,
    state=TrackState.READY,
    failure=None,
)
DETAILS = TrackDetails(
    **{name: getattr(TRACK, name) for name in TrackReply.model_fields},
    artists=[ARTIST],
    album_artist=ARTIST,
    genres=[GENRE, "Electronic"],
    tags=["night drive", "calm"],
    composer="Mira Calder",
    label="Tidewater",
    metadata={
        "audio": {"format": "mp3", "sample_rate_hz": 44_100, "channels": 2},
        "tags": {"TIT2": [TITLE], "TPE1": [ARTIST], "TCON": [GENRE, "Electronic"]},
        "artwork": "embedded",
        "warnings": [],
    },
)
UPLOAD = TRACK.model_copy(
    update={
        **dict.fromkeys(
            ("album", "genre", "year", "bitrate", "thumbnail", "audio_url", "url", "rating")
        ),
        **dict.fromkeys(("bpm", "key", "isrc", "track_number", "disc_number")),
        "title": FILENAME,
        "artist": "Unknown Artist",
        "duration": 0,
        "popularity": 0,
        "plays": 0,
        "updated_at": MADE_AT,
        "state": TrackState.UPLOADING,
    }
)

ANNOUNCED = UploadRequest(
    filename=FILENAME, content_type=CONTENT_TYPE, size=SIZE_BYTES, is_public=True
)
FORM = UploadReply(
    track=UPLOAD,
    upload=UploadTarget(
        method="POST",
        url="https://djamms-media.s3.eu-central-1.amazonaws.com/",
        fields={
            "Content-Type": CONTENT_TYPE,
            "key": f"uploads/{TRACK_ID}",
            "x-amz-algorithm": "AWS4-HMAC-SHA256",
            "policy": "bm90LWEtcG9saWN5",
            "x-amz-signature": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        },
        expires_at=MADE_AT + timedelta(hours=1),
    ),
)

EXAMPLES: dict[str, BaseModel] = {
    "A track": TRACK,
    "All of a track": DETAILS,
    "A deleted track that can come back": DeletedTrack(
        **{name: getattr(TRACK, name) for name in TrackReply.model_fields}
        | dict.fromkeys(("audio_url", "url", "thumbnail")),
        deleted_at=CHANGED_AT,
        is_restorable=True,
    ),
    "A track whose sound is gone": MissingTrack(
        **{name: getattr(TRACK, name) for name in TrackReply.model_fields}
        | {**dict.fromkeys(("audio_url", "url", "thumbnail")), "state": TrackState.MISSING},
        missing_since=CHANGED_AT,
    ),
    "The last page": TrackPage(
        tracks=[TRACK],
        pagination=Pagination(page=1, limit=50, total=1, pages=1),
        next_cursor=None,
    ),
    "A file to be sent to the bucket": ANNOUNCED,
    "Several files": BulkUpload(files=[ANNOUNCED]),
    "The form to send the file with": FORM,
    "A form for each file": BulkUploadReply(uploads=[FORM]),
    "The file came with the request": UploadReply(track=UPLOAD, upload=None),
    "A picture": ArtworkReply(
        url=f"{CDN}/images/tracks/{TRACK_ID}/medium_300x300.jpg",
        size="medium",
        width=300,
        height=300,
    ),
    "New tags": TrackChanges(
        title=TITLE, album_artist=ARTIST, genres=[GENRE, "Electronic"], bpm=122.0, rating=4
    ),
    "One genre for two tracks": BulkEdit(
        track_ids=[UUID(TRACK_ID), UUID(OTHER_TRACK_ID)], changes=TrackChanges(genre=GENRE)
    ),
    "Two tracks": BulkDelete(track_ids=[UUID(TRACK_ID), UUID(OTHER_TRACK_ID)]),
    "Two deleted tracks": BulkRestore(track_ids=[UUID(TRACK_ID), UUID(OTHER_TRACK_ID)]),
    "One of two": BulkReply(changed=[TRACK_ID], refused=[OTHER_TRACK_ID]),
    "Played from a playlist": PlayRequest(
        duration_played=246,
        source=PlaySource.PLAYLIST,
        key="bar-2026-05-09T21:04:11",
        metadata={"deck": 2},
    ),
    "A play that counted": PlayReply(track_id=TRACK_ID, plays=129, recorded=True),
    "A genre": GenreReply(name=GENRE, slug="ambient", category="Electronic", track_count=12),
    "An artist": ArtistReply(
        name=ARTIST,
        track_count=9,
        album_count=1,
        tracks=f"{API}/music/tracks?artistIs=Mira+Calder",
    ),
    "An album": AlbumReply(
        name=ALBUM,
        artist=ARTIST,
        year=2024,
        track_count=9,
        duration=2214,
        thumbnail=THUMBNAIL,
        tracks=f"{API}/music/tracks?albumIs=Harbour+Lights&albumArtistIs=Mira+Calder&sort=track",
    ),
}

ANY = "; `any`, `all` and nothing leave all"
PARAMETERS: dict[str, tuple[str, str | None]] = {
    "track_id": ("The track's `id`.", TRACK_ID),
    "albumArtist": (
        f"A part of the album artist's name, or of the artist's without one{ANY}.",
        None,
    ),
    "albumArtistIs": ("The whole name of the album artist.", None),
    "bpm": (f"Beats in a minute: `120`, `120-128`, `120-` or `-128`{ANY}.", None),
    "composer": (f"A part of the composer's name{ANY}.", None),
    "explicit": (f"`true` or `false`{ANY}.", None),
    "isPublic": (f"`true` or `false`, of what the caller sees{ANY}.", None),
    "isrc": (f"The recording's code{ANY}.", None),
    "key": (f"The musical key, in any case{ANY}.", None),
    "label": (f"A part of the label's name{ANY}.", None),
    "order": ("`asc` or `desc`; the order's own direction without it.", None),
    "source": (f"`local` or `spotify`{ANY}.", None),
    "tags": (
        "Genres, moods or own words, comma separated, in any spelling: a track must have them all.",
        None,
    ),
    "title": (f"A part of the title{ANY}.", None),
    "uploadedBy": (f"`me`, or the id of a user{ANY}.", None),
    "yearFrom": ("From this year on.", None),
    "yearTo": ("Up to this year.", None),
    "album": (f"A part of the album's name{ANY}.", None),
    "albumIs": ("The whole name of the album.", None),
    "artist": (f"A part of the artist's name{ANY}.", None),
    "artistIs": ("The whole name of the artist, or of one of several.", None),
    "bitrate": (f"At least so many kbit/s, such as `320`{ANY}.", None),
    "duration": (f"`short` (below 3 minutes), `medium` or `long` (above 5){ANY}.", None),
    "genre": (
        f"The name or slug of any of its genres, in any spelling{ANY}.",
        None,
    ),
    "popularity": (f"`high` (above 80), `medium` or `low` (below 40){ANY}.", None),
    "size": ("`small` (150 pixels), `medium` (300) or `large` (600).", None),
    "sort": (
        "`newest`, `oldest`, `added` (or `dateAdded`), `title`, `artist`, `album`, `year`, "
        "`duration`, `popularity`, `plays`, `genre`, `bitrate`, `fileSize`, `updatedAt`, "
        "`rating`, `bpm`, `trackNumber` or `track` (disc and number); a minus before it reverses "
        "the order. What is not known comes last.",
        None,
    ),
    "state": ("`uploading`, `processing` or `failed`; all three where it is left out.", None),
    "token": ("The one in the track's `audioUrl`; with it no sign-in is needed.", None),
    "year": (f"A year (`1999`), a decade (`1990s`), `1990-1999` or `pre-1990`{ANY}.", None),
}
