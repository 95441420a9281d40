"""One OpenSearch node: the programs of Maven Central over the files of one folder."""

import http.client
import os
import secrets
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from local.errors import LocalError
from local.services import process
from local.services.account import service_account
from local.services.java import Java, find_java
from local.services.opensearch_files import programs
from local.services.opensearch_options import configuration, java_options, last_problem
from local.services.postgres_files import adopt_cluster, place_for_cluster

LOG_LIMIT_BYTES = 5_000_000
HEAP_MB = 512
PORT_TAKEN = "BindHttpException"
FOLDERS = ("config", "data", "logs", "snapshots", "tmp")


class Profile(StrEnum):
    SERVE = "serve"
    # Half the CPU to start and less memory, for a lower throughput.
    TEST = "test"


class OpenSearchServer:
    """One node over `home`, which only one process at a time may start.

    It listens on the loopback interface without a password: who may call what is decided in the
    workers, as for the other emulated services. Its data are derived, and survive a restart.
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int | None = None,
        log: Path | None = None,
        profile: Profile = Profile.SERVE,
        heap_mb: int = HEAP_MB,
    ) -> None:
        self.home = home.resolve()
        self.log = log or self.home / "opensearch.log"
        self.port = port or 0
        self._fixed_port = port
        self._profile, self._heap_mb = profile, heap_mb
        self._account = service_account()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, seconds: float = 180) -> Self:
        """Serve; programs are fetched first where there are none. Raises LocalError."""
        java = find_java(self._account)
        root = programs(self._account)
        self._prepare_home()
        self._stop_orphan()
        self._serve(java, root, self._files(), time.monotonic() + seconds)
        return self

    def stop(self) -> None:
        """Write what is held in memory, end."""
        if self._process:
            process.stop(self._process, number=signal.SIGTERM, seconds=30)
            self._process = None
            (self.home / "pid").unlink(missing_ok=True)

    def is_healthy(self) -> bool:
        """Whether every index there is can be searched."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/_cluster/health?wait_for_status=yellow&timeout=1s")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _prepare_home(self) -> None:
        try:
            self.home.mkdir(mode=0o711, parents=True, exist_ok=True)
            self.log.parent.mkdir(parents=True, exist_ok=True)
            if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
                self.log.replace(self.log.with_suffix(".log.1"))
        except OSError as error:
            problem = f"The data directory {self.home} cannot be used: {error.strerror}."
            raise LocalError(problem) from error

    def _files(self) -> Path:
        """The folder that the server's account owns; made anew where it is gone."""
        link = self.home / "cluster"
        if link.is_symlink() and not link.is_dir():
            link.unlink()
        files = link.readlink() if link.is_symlink() else link
        if not files.is_dir():
            files = place_for_cluster(self.home, self._account)
            files.mkdir(mode=0o700)
            adopt_cluster(self.home, files)
        for folder in (files, *(files / name for name in FOLDERS)):
            folder.mkdir(mode=0o700, exist_ok=True)
            os.chown(folder, self._account.uid, self._account.gid, follow_symlinks=False)
        return files

    def _stop_orphan(self) -> None:
        file = self.home / "pid"
        words = file.read_text().split() if file.exists() else []
        if len(words) == 2 and words[1] in process.command_line(int(words[0])):
            process.stop_stranger(int(words[0]), number=signal.SIGTERM, seconds=30)

    def _serve(self, java: Java, root: Path, files: Path, deadline: float) -> None:
        while True:
            self.port = self._fixed_port or process.free_port(self.home / "port")
            written = self.log.stat().st_size if self.log.exists() else 0
            if self._launch(java, root, files, deadline):
                return
            output = self._written_after(written)
            # A free port can be lost to another before the server takes it.
            if PORT_TAKEN not in output or self._fixed_port or time.monotonic() > deadline:
                break
        raise LocalError(f"OpenSearch did not start: {last_problem(output)} (see {self.log})")

    def _launch(self, java: Java, root: Path, files: Path, deadline: float) -> bool:
        self._configure(files)
        # In the command line, so that an orphan is told from a stranger with its number.
        mark = f"-Ddjamms.node={secrets.token_hex(8)}"
        options = java_options(
            java, root, files, heap_mb=self._heap_mb, test=self._profile is Profile.TEST
        )
        server = self._process = process.spawn(
            [str(java.program), mark, *options, "org.opensearch.bootstrap.OpenSearch"],
            log=self.log,
            account=self._account,
            environment={"PATH": os.defpath, "HOME": str(files), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            death_signal=signal.SIGTERM,
        )
        (self.home / "pid").write_text(f"{server.pid} {mark}")
        self._wait(server, deadline)
        return server.poll() is None

    def _wait(self, server: "subprocess.Popen[bytes]", deadline: float) -> None:
        problem = f"OpenSearch is not ready in time; see {self.log}."
        try:
            process.wait_until(
                lambda: server.poll() is not None or self.is_healthy(),
                seconds=deadline - time.monotonic(),
                problem=problem,
            )
        except BaseException:
            self.stop()
            raise

    def _configure(self, files: Path) -> None:
        for name, text in configuration(files, self.port).items():
            path = files / "config" / name
            process.write_private(path, text)
            os.chown(path, self._account.uid, self._account.gid, follow_symlinks=False)

    def _written_after(self, offset: int) -> str:
        with self.log.open("rb") as file:
            file.seek(offset)
            return file.read().decode(errors="replace")


@contextmanager
def scratch_node(profile: Profile = Profile.TEST) -> Iterator[OpenSearchServer]:
    """A node whose files are gone afterwards, for tests and measurements."""
    with tempfile.TemporaryDirectory(prefix="djamms-") as folder:
        # So that the account it runs as can pass, and nothing lies elsewhere.
        Path(folder).chmod(0o711)
        with OpenSearchServer(Path(folder, "opensearch"), profile=profile) as server:
            yield server
