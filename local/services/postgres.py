"""An embedded PostgreSQL: the programs of a PyPI wheel over the files of one folder."""

import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from local.errors import LocalError
from local.services import process
from local.services.account import service_account
from local.services.postgres_files import (
    MAJOR_VERSION,
    adopt_cluster,
    binaries,
    existing_cluster,
    place_for_cluster,
)

USER = DATABASE = "djamms"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# The superuser has no password and no line here: nobody can log in as it.
HOST_RULES = "host all all 127.0.0.1/32 scram-sha-256\n"
LOG_LIMIT_BYTES = 5_000_000
IN_USE = "pre-existing shared memory block"
PORT_TAKEN = "Address already in use"
RETRY_SECONDS = 0.05


class PostgresServer:
    """One server over `home`, which only one process at a time may start.

    `start()` recovers from whatever an earlier kill left: stale pid file, orphaned server,
    half-made cluster. The account is not a superuser, as on Aurora: it owns its database, may
    create others and the trusted extensions.
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int | None = None,
        log: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.home = home.resolve()
        self.log = log or self.home / "postgres.log"
        self.port = port or 0
        self._fixed_port = port
        self._settings = {**SETTINGS, **(settings or {})}
        self._account = service_account()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def password(self) -> str:
        return (self.home / "password").read_text()

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the application's database."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        login = f"{USER}:{quote(self.password)}"
        return f"postgresql+pg8000://{login}@127.0.0.1:{self.port}/{database}"

    def credentials(self) -> dict[str, str | int]:
        """The database secret, in the shape that Aurora generates."""
        return {
            "username": USER,
            "password": self.password,
            "host": "127.0.0.1",
            "port": self.port,
            "dbname": DATABASE,
            "sslmode": "disable",
        }

    def start(self, *, seconds: float = 60) -> Self:
        """Serve; the cluster is made first where there is none. Raises LocalError."""
        self._prepare_home()
        programs = binaries(self._account)
        cluster = existing_cluster(self.home)
        if cluster is None:
            cluster = self._create(programs)
        self._check_version(cluster)
        self._stop_orphan(cluster)
        if not (self.home / "password").exists():
            self._set_password(programs, cluster)
        self._serve(programs, cluster, seconds)
        return self

    def stop(self) -> None:
        """End all sessions, write a checkpoint, end the server."""
        if self._process:
            process.stop(self._process, number=signal.SIGINT, seconds=20)
            self._process = None

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

    def _create(self, programs: Path) -> Path:
        cluster = place_for_cluster(self.home, self._account)
        draft = cluster.with_name("cluster.new")
        if draft.is_dir():  # an earlier start was killed half way
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        os.chown(draft, self._account.uid, self._account.gid)
        locale = ["--locale=C", f"--lc-ctype={_character_type()}", "--locale-provider=builtin"]
        names = ["--builtin-locale=C.UTF-8", "--encoding=UTF8", "--username=postgres"]
        options = [*locale, *names, "--auth=trust", "--no-instructions"]
        self._run([str(programs / "initdb"), f"--pgdata={draft}", *options])
        (draft / "pg_hba.conf").write_text(HOST_RULES)
        self._single(
            programs,
            draft,
            f"CREATE ROLE {USER} LOGIN CREATEDB IN ROLE pg_monitor",
            f"CREATE DATABASE {DATABASE} OWNER {USER}",
        )
        self._set_password(programs, draft)
        draft.rename(cluster)
        adopt_cluster(self.home, cluster)
        return cluster

    def _set_password(self, programs: Path, cluster: Path) -> None:
        password = secrets.token_urlsafe(32)
        self._single(programs, cluster, f"ALTER ROLE {USER} PASSWORD '{password}'")
        process.write_private(self.home / "password", password)

    def _single(self, programs: Path, cluster: Path, *statements: str) -> None:
        """Run statements as the superuser without a server; each on one line."""
        command = [str(programs / "postgres"), "--single", "-D", str(cluster), "postgres"]
        self._run(command, "".join(f"{statement};\n" for statement in statements))

    def _run(self, command: list[str], text: str = "") -> None:
        launched = process.launched(command, self._account, death_signal=signal.SIGKILL)
        done = subprocess.run(
            launched,
            input=text.encode(),
            capture_output=True,
            env=_environment(),
            cwd="/",
            check=False,
        )
        output = (done.stdout + done.stderr).decode(errors="replace")
        # A backend without a server goes on after an error, and ends with 0.
        if done.returncode or re.search(r"\b(ERROR|FATAL|PANIC):", output):
            name = Path(command[0]).name
            raise LocalError(f"PostgreSQL's {name} failed: {_last_problem(output)}")

    def _check_version(self, cluster: Path) -> None:
        try:
            found = (cluster / "PG_VERSION").read_text().strip()
        except OSError as error:
            problem = f"The database files in {cluster} are damaged (no PG_VERSION)"
            raise LocalError(f"{problem}; restore them, or run `djamms reset`.") from error
        if found != MAJOR_VERSION:
            problem = f"The database files in {cluster} are of PostgreSQL {found}"
            problem += f", not {MAJOR_VERSION}"
            raise LocalError(f"{problem}; restore a backup into a new data directory.")

    def _stop_orphan(self, cluster: Path) -> None:
        with suppress(OSError, ValueError, IndexError):
            pid = int((cluster / "postmaster.pid").read_text().splitlines()[0])
            if str(cluster) in process.command_line(pid):
                process.stop_stranger(pid, number=signal.SIGINT, seconds=20)

    def _serve(self, programs: Path, cluster: Path, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while True:
            self.port = self._fixed_port or process.free_port(self.home / "port")
            written = self.log.stat().st_size if self.log.exists() else 0
            if self._launch(programs, cluster, seconds):
                return
            output = self._written_after(written)
            # Backends of a killed server end within moments; a free port can be lost to another.
            passes = IN_USE in output or (PORT_TAKEN in output and not self._fixed_port)
            if not passes or time.monotonic() > deadline:
                break
            time.sleep(RETRY_SECONDS)
        raise LocalError(f"PostgreSQL did not start: {_last_problem(output)} (see {self.log})")

    def _launch(self, programs: Path, cluster: Path, seconds: float) -> bool:
        settings = {**self._settings, "port": str(self.port)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        server = self._process = process.spawn(
            [str(programs / "postgres"), "-D", str(cluster), *options],
            log=self.log,
            account=self._account,
            environment=_environment(),
            death_signal=signal.SIGINT,
        )

        def settled() -> bool:
            return server.poll() is not None or _is_ready(cluster, server.pid)

        problem = f"PostgreSQL is not ready after {seconds:.0f} s; see {self.log}."
        try:
            process.wait_until(settled, seconds=seconds, problem=problem)
        except LocalError:
            self.stop()
            raise
        return server.poll() is None

    def _written_after(self, offset: int) -> str:
        with self.log.open("rb") as file:
            file.seek(offset)
            return file.read().decode(errors="replace")


def _is_ready(cluster: Path, pid: int) -> bool:
    """As `pg_ctl` decides it: the server notes its state in the eighth line of its pid file."""
    with suppress(OSError):
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"
    return False


def _last_problem(output: str) -> str:
    problems = re.findall(r"(?:FATAL|PANIC|ERROR|error):\s*(.+)", output)
    lines = problems or output.strip().splitlines() or ["it gave no reason"]
    return str(lines[0 if problems else -1]).strip()


def _character_type() -> str:
    # Trigrams and the text search parser ask the C library what a letter is; "C" knows only ASCII.
    return "C.UTF-8" if os.uname().sysname == "Linux" else "en_US.UTF-8"


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": _character_type(), "TZ": "UTC", "HOME": "/"}


@contextmanager
def scratch_server(settings: Mapping[str, str] | None = None) -> Iterator[PostgresServer]:
    """A server whose files are gone afterwards, for tests and measurements."""
    with tempfile.TemporaryDirectory(prefix="djamms-") as folder:
        # So that the account it runs as can pass, and nothing lies elsewhere.
        Path(folder).chmod(0o711)
        with PostgresServer(Path(folder, "postgres"), settings=settings) as server:
            yield server
