"""The data directory: everything that the local stack keeps, and who uses it now."""

import fcntl
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from local.errors import LocalError

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ROOT / ".djamms"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class DataDir:
    root: Path

    @property
    def marker(self) -> Path:
        return self.root / "djamms.json"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def emulator(self) -> Path:
        return self.root / "emulator"

    @property
    def opensearch(self) -> Path:
        return self.root / "opensearch"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """What only means something while a stack runs."""
        return self.root / "run"

    @property
    def state_file(self) -> Path:
        return self.run / "stack.json"

    def prepare(self) -> None:
        """Make it, or recognise it. A folder that holds something else is refused."""
        try:
            is_foreign = (
                self.root.is_dir() and not self.marker.exists() and any(self.root.iterdir())
            )
            if is_foreign:
                raise LocalError(f"{self.root} is not empty and no data directory of DJAMMS.")
            # Passable for the account that PostgreSQL runs as; what is private is so by itself.
            self.root.mkdir(mode=0o711, parents=True, exist_ok=True)
            for folder in (self.secrets, self.logs, self.run, self.emulator):
                folder.mkdir(mode=0o700, exist_ok=True)
            if not self.marker.exists():
                self.marker.write_text(json.dumps({"format": FORMAT}))
            self._check_format()
        except OSError as error:
            problem = f"The data directory {self.root} cannot be used: {error.strerror}."
            raise LocalError(problem) from error

    def _check_format(self) -> None:
        try:
            found = json.loads(self.marker.read_text())["format"]
        except (ValueError, KeyError, TypeError) as error:
            problem = f"The data directory {self.root} is damaged: {self.marker} is unreadable."
            raise LocalError(problem) from error
        if found != FORMAT:
            problem = f"The data directory {self.root} has format {found}, this program {FORMAT}."
            raise LocalError(problem)

    def lock(self) -> IO[str]:
        """Keep it for this process until the file is closed. Raises LocalError when in use."""
        file = (self.run / "lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            state = self.state()
            where = f" (process {state['pid']}, {state['url']})" if state else ""
            problem = f"DJAMMS already runs on {self.root}{where}; stop it with `djamms down`."
            raise LocalError(problem) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        return file

    def is_in_use(self) -> bool:
        lock = self.run / "lock"
        if not lock.exists():
            return False
        with lock.open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def state(self) -> dict[str, Any]:
        """What the running stack says about itself; empty when there is none."""
        try:
            found: dict[str, Any] = json.loads(self.state_file.read_text())
        except (OSError, ValueError):
            return {}
        return found

    def delete(self) -> None:
        """Remove everything, wherever it lies. Only ever a data directory of ours."""
        from local.services.postgres_files import remove_cluster

        if not self.marker.exists():
            raise LocalError(f"{self.root} is no data directory of DJAMMS; nothing was deleted.")
        remove_cluster(self.postgres)
        remove_cluster(self.opensearch)
        shutil.rmtree(self.root)


def data_dir(given: str | None) -> DataDir:
    return DataDir(Path(os.path.abspath(given)) if given else DEFAULT)  # noqa: PTH100
