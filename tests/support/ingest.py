"""Uploads as the API would leave them, and events as Lambda would bring them."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.track import Track, Upload, UploadState
from djamms.models.user import User
from djamms.storage.keys import upload_key
from djamms.storage.store import ObjectStore

BUCKET = "djamms-media-test"
REGION: Literal["eu-central-1"] = "eu-central-1"
# The tracks of the sample events.
FIRST = UUID("0190a1b2-0000-4000-8000-000000000001")
SECOND = UUID("0190a1b2-0000-4000-8000-000000000002")
EVENTS = Path(__file__).parents[2] / "events" / "ingest"


def sample_event(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return event


def lambda_context(remaining_ms: int = 60_000) -> SimpleNamespace:
    return SimpleNamespace(
        function_name="ingest",
        memory_limit_in_mb=1769,
        invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:ingest",
        aws_request_id=str(uuid4()),
        get_remaining_time_in_millis=lambda: remaining_ms,
    )


@dataclass(frozen=True)
class Workshop:
    session: Session
    store: ObjectStore
    user: User

    def upload(
        self, data: bytes | None, *, filename: str = "Blue Train.mp3", **values: Any
    ) -> Upload:
        """The row, and the object unless `data` is None."""
        track_id = values.pop("id", None) or uuid4()
        upload = Upload(
            id=track_id,
            **{
                "uploaded_by": self.user.id,
                "filename": filename,
                "content_type": "audio/mpeg",
                "size_bytes": len(data or b""),
                "object_key": upload_key(track_id),
                "state": UploadState.UPLOADING,
                "correlation_id": "the-request",
                "expires_at": clock.now() + timedelta(hours=1),
                **values,
            },
        )
        self.session.add(upload)
        self.session.flush()
        if data is not None:
            self.put(upload.object_key, data)
        return upload

    def put(self, key: str, data: bytes) -> None:
        self.store.put(key, data, content_type="audio/mpeg", cache="no-store")

    def track(self, track_id: UUID) -> Track | None:
        self.session.expire_all()
        return self.session.get(Track, track_id)

    def objects(self, prefix: str = "") -> set[str]:
        return {found.key for page in self.store.pages(prefix) for found in page}
