from datetime import UTC, datetime
from uuid import UUID

import pytest

from djamms.storage.keys import (
    ArtworkSize,
    artwork_key,
    audio_key,
    folder,
    track_id_of,
    upload_key,
)

ID = UUID("0190a1b2-0000-4000-8000-000000000001")


def test_the_layout_of_the_requirements() -> None:
    key = audio_key(
        ID,
        uploaded_at=datetime(2026, 3, 9, tzinfo=UTC),
        artist="Sigur Rós",
        album="( )",
        extension="mp3",
    )

    assert key == f"audio/2026/03/Sigur-Rós/unknown/{ID}.mp3"
    assert artwork_key(ID, ArtworkSize.SMALL) == f"images/tracks/{ID}/thumbnail_150x150.jpg"
    assert artwork_key(ID, ArtworkSize.LARGE) == f"images/tracks/{ID}/large_600x600.jpg"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("AC/DC", "AC-DC"),
        ("../../etc", "etc"),
        ("..", "unknown"),
        ("", "unknown"),
        ("a\\b:c*d?e", "a-b-c-d-e"),
        ("%2e%2e%2f", "2e-2e-2f"),
        ("\0\n", "unknown"),
        (".hidden", "hidden"),
        ("Mr. Bungle", "Mr.-Bungle"),
        ("東京事変", "東京事変"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("half\ud800", "half"),
        ("x" * 300, "x" * 100),
        ("é" * 99, "é" * 50),
    ],
)
def test_a_folder_is_one_safe_step(name: str, safe: str) -> None:
    assert folder(name) == safe


def test_an_upload_key_tells_its_track() -> None:
    assert track_id_of(upload_key(ID)) == ID


@pytest.mark.parametrize(
    "key",
    [
        str(ID),
        f"uploads/{ID}/x",
        f"uploads/{str(ID).upper()}x",
        f"uploads/{{{ID}}}",
        f"uploads/{ID.hex}",
        f"uploads/uploads/{ID}",
        f"audio/{ID}",
        "uploads/",
    ],
)
def test_any_other_key_tells_none(key: str) -> None:
    assert track_id_of(key) is None
