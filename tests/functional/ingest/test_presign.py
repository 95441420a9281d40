"""The form that a client gets, sent to the emulator's own S3."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from djamms.storage.presign import presign_upload
from djamms.storage.store import ObjectStore

KEY = "uploads/one"
ANNOUNCED_BYTES = 1000


def send(content: bytes) -> httpx.Response:
    form = presign_upload(
        KEY,
        content_type="audio/mpeg",
        size_bytes=ANNOUNCED_BYTES,
        now=datetime.now(UTC),
        lifetime=timedelta(hours=1),
    )
    return httpx.post(form.url, data=form.fields, files={"file": content}, trust_env=False)


@pytest.mark.parametrize("size", [ANNOUNCED_BYTES, 1])
def test_takes_a_file_up_to_the_announced_size(store: ObjectStore, size: int) -> None:
    assert send(b"x" * size).is_success

    found = store.head(KEY)
    assert found is not None
    assert found.size_bytes == size


@pytest.mark.parametrize(
    ("size", "code"), [(ANNOUNCED_BYTES + 1, "EntityTooLarge"), (0, "EntityTooSmall")]
)
def test_refuses_any_other_size(store: ObjectStore, size: int, code: str) -> None:
    reply = send(b"x" * size)

    assert reply.status_code == 400
    assert f"<Code>{code}</Code>" in reply.text
    assert store.head(KEY) is None
