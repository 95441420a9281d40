"""OpenSearch's programs: the minimal distribution of Maven Central, unpacked once per machine."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path

from local.errors import LocalError
from local.services.account import Account
from local.services.postgres_files import PROGRAMS

VERSION = "3.8.0"
SHA256 = "196c3cf4602c394f2e40e6174ccbf2a924eae37246f08fa6bbb6b75f9fd5ff1f"
NAME = f"opensearch-{VERSION}"
GROUP = "org.opensearch.distribution.integ-test-zip"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
CENTRAL = "https://repo.maven.apache.org/maven2"
# Databases of places (74 MB), gRPC and tools, none of which is used.
LEFT_OUT = (
    "modules/ingest-geoip/*",
    "modules/transport-grpc/*",
    "modules/opensearch-dashboards/*",
    "lib/tools/*",
    "*.bat",
    "*.exe",
)
FETCH_SECONDS = 900


def cache_for(account: Account) -> Path:
    """A folder of the user's; for root one that the account of the service can read as well."""
    if not account.is_current:
        return PROGRAMS
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "djamms")


def programs(account: Account, *, cache: Path | None = None) -> Path:
    """The folder of the server, fetched first where it is not there. Raises LocalError."""
    folder = cache or cache_for(account)
    root = folder / NAME
    if not root.is_dir():
        try:
            folder.mkdir(mode=0o755, parents=True, exist_ok=True)
            with _alone(folder):
                if not root.is_dir():
                    _fetch_and_unpack(root)
        except OSError as error:
            problem = f"OpenSearch cannot be kept in {folder}: {error.strerror or error}."
            raise LocalError(problem) from error
    if not account.can_reach(root / "lib"):
        raise LocalError(f"OpenSearch runs as {account.name}, who cannot read {root}; open it.")
    return root


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody downloads it a second time meanwhile."""
    with (folder / "opensearch.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fetch_and_unpack(root: Path) -> None:
    with tempfile.TemporaryDirectory(dir=root.parent) as folder:
        archive = fetch(Path(folder))
        check(archive)
        unpack(archive, Path(folder, "new"))
        Path(folder, "new", NAME).rename(root)


def fetch(folder: Path) -> Path:
    """By Maven where it is, because its settings know this site's repository; else by HTTPS."""
    if maven := shutil.which("mvn"):
        return _by_maven(maven, folder)
    return download(CENTRAL, folder)


def _by_maven(maven: str, folder: Path) -> Path:
    words = [f"-Dartifact={GROUP}:opensearch:{VERSION}:zip", f"-DoutputDirectory={folder}"]
    try:
        done = subprocess.run(
            [maven, "-B", "-q", COPY, *words],
            capture_output=True,
            text=True,
            cwd=folder,
            timeout=FETCH_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        problem = f"OpenSearch did not come within {FETCH_SECONDS} s; is there a network?"
        raise LocalError(problem) from error
    if done.returncode:
        lines = [line for line in done.stdout.splitlines() if "[ERROR]" in line]
        reason = lines[0].removeprefix("[ERROR] ") if lines else done.stderr.strip()
        raise LocalError(f"Maven could not fetch OpenSearch: {reason or 'it gave no reason'}")
    return folder / f"{NAME}.zip"


def download(repository: str, folder: Path) -> Path:
    address = f"{repository}/{GROUP.replace('.', '/')}/opensearch/{VERSION}/{NAME}.zip"
    archive = folder / f"{NAME}.zip"
    try:
        with urllib.request.urlopen(address, timeout=60) as source, archive.open("wb") as file:  # noqa: S310
            shutil.copyfileobj(source, file)
    except (urllib.error.URLError, TimeoutError) as error:
        reason = getattr(error, "reason", error)
        problem = f"OpenSearch could not be fetched from {repository} ({reason}); is there a"
        raise LocalError(
            f"{problem} network? A Maven installation is used if there is one."
        ) from error
    return archive


def check(archive: Path) -> None:
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        problem = f"What was fetched as OpenSearch {VERSION} is something else"
        raise LocalError(f"{problem} (SHA-256 {found}, wanted {SHA256}).")


def unpack(archive: Path, folder: Path) -> None:
    """All that is used of it, readable by every account."""
    with zipfile.ZipFile(archive) as zipped:
        for member in zipped.infolist():
            inside = member.filename.partition("/")[2]
            if not any(fnmatch(inside, pattern) for pattern in LEFT_OUT):
                zipped.extract(member, folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
