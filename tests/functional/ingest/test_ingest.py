"""What becomes of one uploaded file."""

import io
import random
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from djamms.models.track import UploadState
from djamms.music.ingest import Result, ingest_upload
from djamms.storage import client
from djamms.storage.keys import ArtworkSize, artwork_key
from djamms.storage.store import ObjectChanged, ObjectStore, StoredObject
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import seeds
from tests.support import audio, pictures
from tests.support.ingest import BUCKET, Workshop

SONG = audio.mp3(
    {"TIT2": "Blue Train", "TPE1": "John Coltrane", "TALB": "Blue Train", "TCON": "jazz"},
    seconds=3,
    pictures=[pictures.cover()],
)

FLAC = audio.make_flac(seconds=1)
FLAC_HEADERS = FLAC[: FLAC.index(b"\xff\xf8")]


def test_an_upload_becomes_a_track(
    session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    upload = workshop.upload(SONG, is_public=False)

    outcome = ingest_upload(session, store=store, track_id=upload.id)

    track = workshop.track(upload.id)
    assert track is not None
    assert outcome.result is Result.INGESTED
    assert (track.title, track.artist, track.genre) == ("Blue Train", "John Coltrane", "Jazz")
    assert (track.duration_seconds, track.bitrate_kbps) == (3, 128)
    assert (track.size_bytes, track.content_type) == (len(SONG), "audio/mpeg")
    assert (track.uploaded_by, track.is_public) == (workshop.user.id, False)
    assert upload.state == UploadState.READY


def test_the_audio_moves_to_its_final_key(
    session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    upload = workshop.upload(SONG)

    outcome = ingest_upload(session, store=store, track_id=upload.id)

    key = f"audio/{upload.created_at:%Y/%m}/John-Coltrane/Blue-Train/{upload.id}.mp3"
    assert getattr(workshop.track(upload.id), "object_key", None) == key
    stored = client.s3_client().get_object(Bucket=BUCKET, Key=key)
    assert stored["Body"].read() == SONG
    assert stored["ContentType"] == "audio/mpeg"
    assert "immutable" in stored["CacheControl"]
    assert outcome.discard_key == upload.object_key


def test_artwork_comes_in_three_sizes(
    session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    upload = workshop.upload(SONG)

    ingest_upload(session, store=store, track_id=upload.id)

    for size in ArtworkSize:
        stored = client.s3_client().get_object(Bucket=BUCKET, Key=artwork_key(upload.id, size))
        picture = Image.open(io.BytesIO(stored["Body"].read()))
        assert picture.size == (size.pixels, size.pixels)
        assert stored["ContentType"] == "image/jpeg"
        assert stored["CacheControl"] == "public, max-age=31536000, immutable"
    track = workshop.track(upload.id)
    assert track is not None
    assert track.thumbnail_key == artwork_key(upload.id, ArtworkSize.SMALL)


def test_flac_is_told_by_its_content(
    session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    data = audio.make_flac({"title": "Sky", "artist": "Ada"}, seconds=2)
    upload = workshop.upload(data, filename="lies.mp3")

    ingest_upload(session, store=store, track_id=upload.id)

    track = workshop.track(upload.id)
    assert track is not None
    assert track.object_key.endswith(f"/Ada/unknown/{upload.id}.flac")
    assert track.content_type == "audio/flac"
    assert track.raw_metadata["tags"] == {"title": ["Sky"], "artist": ["Ada"]} | {
        "encoder": track.raw_metadata["tags"]["encoder"]
    }


def test_a_file_without_tags_is_named_by_its_name(
    session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    upload = workshop.upload(audio.mp3(seconds=1), filename="01 - Ada - Sky.mp3")

    ingest_upload(session, store=store, track_id=upload.id)

    track = workshop.track(upload.id)
    assert track is not None
    assert (track.title, track.artist, track.album) == ("Sky", "Ada", None)


def test_only_the_head_and_the_tail_are_read(
    session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    data = audio.make_flac({"title": "x"}, seconds=100)
    upload = workshop.upload(data)

    outcome = ingest_upload(session, store=store, track_id=upload.id)

    assert outcome.reads == 2
    assert outcome.bytes_read < 0.05 * len(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"only words\n" * 9000, "not_audio"),
        (pictures.cover(), "not_audio"),
        (audio.encode("aiff", "pcm_s16be", seconds=1), "unsupported_format"),
        (audio.m4a(seconds=1).replace(b"mp4a", b"drms"), "protected"),
        (SONG[:9000], "unreadable"),
        (FLAC_HEADERS, "no_duration"),
        (SONG + bytes(50 * 1024 * 1024), "too_large"),
    ],
    ids=["empty", "text", "picture", "aiff", "protected", "cut tag", "headers only", "51 MB"],
)
def test_a_file_at_fault_ends_in_a_reason(
    data: bytes, code: str, session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    upload = workshop.upload(data)

    outcome = ingest_upload(session, store=store, track_id=upload.id)

    assert (outcome.result, outcome.failure_code) == (Result.FAILED, code)
    assert (upload.state, upload.failure_code) == (UploadState.FAILED, code)
    assert upload.failure_message
    assert workshop.track(upload.id) is None
    assert outcome.discard_key is None


@pytest.mark.parametrize(
    "picture",
    [pictures.broken(), pictures.bomb(), b"no picture"],
    ids=["truncated", "bomb", "text"],
)
def test_a_bad_picture_costs_only_the_picture(
    picture: bytes, session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    upload = workshop.upload(audio.mp3({"TIT2": "Sky"}, pictures=[picture]))

    outcome = ingest_upload(session, store=store, track_id=upload.id)

    track = workshop.track(upload.id)
    assert track is not None
    assert track.raw_metadata["artwork"] == "placeholder"
    assert track.raw_metadata["warnings"] == ["artwork_unreadable"]
    assert outcome.warnings == ("artwork_unreadable",)
    assert len(workshop.objects("images/")) == len(ArtworkSize)


def test_another_picture_stands_in_for_a_bad_one(
    session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    covers = [pictures.broken(), pictures.cover()]
    upload = workshop.upload(audio.mp3({"TIT2": "Sky"}, pictures=covers))

    outcome = ingest_upload(session, store=store, track_id=upload.id)

    track = workshop.track(upload.id)
    assert track is not None
    assert (track.raw_metadata["artwork"], outcome.warnings) == ("embedded", ())


def test_a_track_without_a_picture_gets_a_drawn_one(
    session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    tags = {"TPE1": "John Coltrane", "TALB": "Blue Train"}
    uploads = [workshop.upload(audio.mp3(tags | {"TIT2": str(n)}, seconds=1)) for n in range(2)]

    for upload in uploads:
        ingest_upload(session, store=store, track_id=upload.id)

    track = workshop.track(uploads[0].id)
    assert track is not None
    assert track.raw_metadata["artwork"] == "placeholder"
    assert track.thumbnail_key == artwork_key(track.id, ArtworkSize.SMALL)
    one, two = (
        client.s3_client().get_object(Bucket=BUCKET, Key=artwork_key(upload.id, ArtworkSize.LARGE))
        for upload in uploads
    )
    body = one["Body"].read()
    assert Image.open(io.BytesIO(body)).size == (600, 600)
    assert body == two["Body"].read()


def test_hostile_tags_are_stored_harmlessly(
    session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    tags = {"TIT2": "<script>\u202e\x07" + "x" * 5000, "TPE1": "../../etc", "TALB": "%2e%2e/"}
    upload = workshop.upload(audio.mp3(tags, seconds=1))

    ingest_upload(session, store=store, track_id=upload.id)

    track = workshop.track(upload.id)
    assert track is not None
    assert len(track.title) <= 255
    assert track.object_key.split("/")[3:] == ["etc", "2e-2e", f"{upload.id}.mp3"]


def test_a_second_event_changes_nothing(
    session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    upload = workshop.upload(SONG)
    ingest_upload(session, store=store, track_id=upload.id)
    before = workshop.objects("audio/")

    outcome = ingest_upload(session, store=store, track_id=upload.id)

    assert outcome.result is Result.ALREADY_READY
    assert outcome.discard_key == upload.object_key
    assert workshop.objects("audio/") == before


def test_an_event_without_an_upload_leaves_its_object(
    session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    stranger = uuid4()
    workshop.put(f"uploads/{stranger}", SONG)

    outcome = ingest_upload(session, store=store, track_id=stranger)

    assert (outcome.result, outcome.discard_key) == (Result.UNKNOWN_UPLOAD, None)
    assert workshop.objects("uploads/") == {f"uploads/{stranger}"}


def test_an_object_that_vanished_is_waited_for(
    session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    upload = workshop.upload(None)

    outcome = ingest_upload(session, store=store, track_id=upload.id)

    assert outcome.result is Result.OBJECT_GONE
    assert upload.state == UploadState.UPLOADING


def test_a_failed_upload_may_come_again(
    session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    upload = workshop.upload(
        SONG, state=UploadState.FAILED, failure_code="upload_expired", failure_message="Late."
    )

    outcome = ingest_upload(session, store=store, track_id=upload.id)

    assert outcome.result is Result.INGESTED
    assert (upload.state, upload.failure_code, upload.failure_message) == ("ready", None, None)


def test_an_object_replaced_meanwhile_is_never_mixed(
    session: Session, store: ObjectStore, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = workshop.upload(audio.mp3(seconds=20))
    opened = store.open

    def open_and_replace(key: str) -> StoredObject:
        source = opened(key)
        workshop.put(key, audio.mp3(seconds=10))
        return source

    monkeypatch.setattr(store, "open", open_and_replace)
    with pytest.raises(ObjectChanged):
        ingest_upload(session, store=store, track_id=upload.id)


def test_trouble_of_the_storage_is_raised(
    session: Session, store: ObjectStore, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = workshop.upload(audio.mp3({"TIT2": "x"}, seconds=20))

    def fail(self: StoredObject, start: int, length: int) -> bytes:
        raise TimeoutError("the storage does not answer")

    monkeypatch.setattr(StoredObject, "read_range", fail)
    with pytest.raises(TimeoutError):
        ingest_upload(session, store=store, track_id=upload.id)

    assert upload.state == UploadState.UPLOADING


@pytest.mark.parametrize("kind", audio.FORMATS)
def test_every_format_becomes_a_track(
    kind: str, session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    data = audio.numbered_file(30, seconds=2, kind=kind, artwork=True)
    upload = workshop.upload(data, filename="lies.txt", content_type="text/plain")

    outcome = ingest_upload(session, store=store, track_id=upload.id)

    track = workshop.track(upload.id)
    assert track is not None
    assert (track.artist, track.album) == ("The Blue Band 1", "Delta Nights 3")
    assert (track.duration_seconds, track.year, track.track_number) == (2, 1963, 1)
    assert track.raw_metadata["artwork"] == "embedded"
    assert track.content_type.startswith("audio/")
    assert outcome.bytes_read <= len(data)


@pytest.mark.parametrize("name", seeds())
def test_no_damage_leaves_an_upload_unfinished(
    name: str, session: Session, store: ObjectStore, workshop: Workshop
) -> None:
    dice = random.Random(name)
    for _ in range(6):
        upload = workshop.upload(mutated(seeds()[name], dice)[0])

        outcome = ingest_upload(session, store=store, track_id=upload.id)

        session.flush()
        assert outcome.result in (Result.INGESTED, Result.FAILED)
        assert upload.state in (UploadState.READY, UploadState.FAILED)
