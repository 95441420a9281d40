"""Which account a service runs as, and which folders that account can reach."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def is_current(self) -> bool:
        return self.uid == os.geteuid()

    def can_reach(self, folder: Path) -> bool:
        """Whether every folder down to this one lets the account pass.

        A folder that does not exist yet counts as passable: whoever makes it sets its mode.
        """
        if self.is_current:
            return True
        path = folder.resolve()
        return all(self._can_pass(parent) for parent in (path, *path.parents))

    def _can_pass(self, folder: Path) -> bool:
        try:
            status = folder.stat()
        except FileNotFoundError:
            return True
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        if status.st_gid == self.gid:
            return bool(status.st_mode & 0o010)
        return bool(status.st_mode & 0o001)


def service_account() -> Account:
    """The current user; for root, who PostgreSQL refuses to serve, the unprivileged one."""
    entry = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
    if entry is None:
        return Account(str(os.geteuid()), os.geteuid(), os.getegid())
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
