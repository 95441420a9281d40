"""Room on this machine's disk: AWS has always more, here it is told before anything is lost."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.gateway_event import HttpRequest
from local.gateway_reply import Reply

# Kept free for the database and the logs, beside the largest file that may come.
RESERVE_BYTES = 150 * 1024 * 1024
GIGABYTE = 1e9
UPLOADS = frozenset({"/api/music/tracks", "/api/music/tracks/bulk-upload"})


class Room:
    """Of the disk that `folder` lies on."""

    def __init__(self, folder: Path, *, free_bytes: Callable[[], int] | None = None) -> None:
        self.folder = folder
        self._free_bytes = free_bytes or (lambda: shutil.disk_usage(folder).free)

    def report(self) -> dict[str, Any]:
        free = self._free_bytes()
        return {"freeGb": round(free / GIGABYTE, 1), "takesUploads": free >= RESERVE_BYTES}

    def refuse(self, request: HttpRequest, request_id: str) -> Reply | None:
        """507 to what asks for an upload while there is no room; None to all else."""
        if request.method != "POST" or request.path not in UPLOADS:
            return None
        if self._free_bytes() >= RESERVE_BYTES:
            return None
        body = {
            "error": "insufficient_storage",
            "message": f"The disk of this machine is full ({self.folder}): "
            "make room before you upload more.",
            "requestId": request_id,
            "details": [],
        }
        headers = [
            (b"content-type", b"application/json"),
            (b"access-control-allow-origin", b"*"),
        ]
        return Reply(507, headers, json.dumps(body).encode())
