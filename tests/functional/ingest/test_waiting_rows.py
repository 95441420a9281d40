"""A file that is uploaded ends in the playlists that lacked it."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from functions.ingest.handler import handler
from tests.functional.exchange.test_import import send
from tests.functional.playlists.test_playlists import titles
from tests.support import audio
from tests.support.api import Client
from tests.support.ingest import FIRST, Workshop, lambda_context, sample_event

SONG = audio.mp3({"TIT2": "Blue Train", "TPE1": "John Coltrane"}, seconds=1)
ROWS = "#EXTM3U\n#EXTINF:1,John Coltrane - Blue Train\nx.mp3\n"


def test_an_upload_finds_the_rows_that_wait_for_it(
    session: Session, as_user: Client, workshop: Workshop
) -> None:
    playlist_id = UUID(send(as_user, ROWS)["playlist"]["id"])
    workshop.upload(SONG, id=FIRST)

    assert handler(sample_event("upload"), lambda_context()) == {"batchItemFailures": []}

    assert titles(as_user, playlist_id) == ["Blue Train"]


def test_an_upload_is_ingested_also_when_that_fails(
    session: Session, as_user: Client, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_words: object) -> int:
        raise RuntimeError("no")

    monkeypatch.setattr("functions.ingest.handler.match_waiting", fail)
    workshop.upload(SONG, id=FIRST)

    assert handler(sample_event("upload"), lambda_context()) == {"batchItemFailures": []}
    assert workshop.track(FIRST) is not None
