"""The AWS APIs on this machine: S3 with objects on disk, its notifications to SQS, EventBridge, and
SES, whose mails go no further than the log."""

import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from local.errors import LocalError
from local.services import process
from local.services.account import Account

PROGRAM = Path(__file__).with_name("emulator_main.py")
SERVICES = "events,s3,ses,sqs"
LOG_LIMIT_BYTES = 5_000_000
# The disk keeps this much free: for the database, the logs, and the emulator's own state.
RESERVE_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Credentials:
    """The one key that the emulator accepts; everyone else is refused, as on AWS."""

    access_key: str
    secret_key: str
    session_token: str

    def environment(self) -> dict[str, str]:
        """The variables that AWS SDKs read."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_SESSION_TOKEN": self.session_token,
        }


class Emulator:
    """One emulator over `home`. `start()` first ends one that a killed stack has left behind."""

    def __init__(
        self, home: Path, *, log: Path | None = None, reserve_bytes: int = RESERVE_BYTES
    ) -> None:
        self.home = home.resolve()
        self._reserve_bytes = reserve_bytes
        self.log = log or self.home / "emulator.log"
        self.home.mkdir(parents=True, exist_ok=True)
        self.port = process.free_port(self.home / "port")
        self.credentials = _credentials(self.home / "credentials.json")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self, *, region: str, account: str, seconds: float = 30) -> Self:
        self._stop_orphan()
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        (self.home / "tmp").mkdir(exist_ok=True)
        self._process = process.spawn(
            [sys.executable, str(PROGRAM), str(self.port), str(self.home)],
            log=self.log,
            account=Account("", os.geteuid(), os.getegid()),
            environment=self._environment(region, account),
            death_signal=signal.SIGTERM,
        )
        (self.home / "pid").write_text(str(self._process.pid))
        process.wait_until(
            self._has_settled, seconds=seconds, problem=self._problem("is not ready")
        )
        if self.pid is None:
            raise LocalError(self._problem("ended at once"))
        return self

    def stop(self) -> None:
        """Save the queues and end."""
        if self._process:
            process.stop(self._process, number=signal.SIGTERM, seconds=10)
            self._process = None

    def is_healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/_ministack/health")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _has_settled(self) -> bool:
        return self.pid is None or self.is_healthy()

    def _problem(self, what: str) -> str:
        return f"The AWS emulator {what} on port {self.port}; see {self.log}."

    def _stop_orphan(self) -> None:
        file = self.home / "pid"
        words = file.read_text().strip() if file.exists() else ""
        if words.isdigit() and str(self.home) in process.command_line(int(words)):
            process.stop_stranger(int(words), number=signal.SIGTERM, seconds=10)

    def _environment(self, region: str, account: str) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": region,
            "MINISTACK_ACCOUNT_ID": account,
            "SERVICES": SERVICES,
            "AUTH": "true",
            **self.credentials.environment(),
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.home / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.home / "objects"),
            # Where the logs of the functions are, when a stack runs.
            "MAIL_LOG": str(self.log.with_name("djamms.jsonl")),
            "RESERVE_BYTES": str(self._reserve_bytes),
            "TMPDIR": str(self.home / "tmp"),
            "LOG_LEVEL": "WARNING",
            # It would look for containers of its own to remove, and open more ports.
            "DOCKER_HOST": "unix:///nonexistent",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }


def _credentials(file: Path) -> Credentials:
    """Kept, because presigned addresses outlive a restart."""
    if not file.exists():
        fresh = Credentials(
            access_key="ASIALOCAL" + secrets.token_hex(6).upper(),
            secret_key=secrets.token_urlsafe(30),
            session_token=secrets.token_urlsafe(24),
        )
        process.write_private(file, json.dumps(asdict(fresh)))
    return Credentials(**json.loads(file.read_text()))
