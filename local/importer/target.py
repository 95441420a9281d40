"""Which server is meant, who we are there, and where the journal about it lies."""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from local.errors import LocalError
from local.importer.api import Account
from local.paths import DataDir

EMAIL, PASSWORD, TOKEN = "DJAMMS_EMAIL", "DJAMMS_PASSWORD", "DJAMMS_TOKEN"
# As `djamms up` keeps it: named by the variable in which the functions find the secret.
ADMIN_SECRET = "ADMIN_SECRET_ARN"  # noqa: S105
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Server:
    """`base_url` ends in `/api`."""

    base_url: str
    account: Account
    journal: Path

    @property
    def is_on_this_machine(self) -> bool:
        return httpx.URL(self.base_url).host in LOOPBACK


def find_server(
    *, url: str | None, data: DataDir, given: Account, environment: Mapping[str, str]
) -> Server:
    """The address given, or the local stack that runs on the data directory."""
    if url is None:
        base_url = base_url_of(running_url(data))
        account = known_account(given, environment) or local_admin(data)
        return Server(base_url, account, data.root / "import.sqlite")
    base_url = base_url_of(url)
    account = known_account(given, environment) or no_account(base_url)
    return Server(base_url, account, state_folder(environment) / journal_name(base_url))


def running_url(data: DataDir) -> str:
    url = data.state().get("url")
    if not isinstance(url, str):
        raise LocalError(
            f"No local stack runs on {data.root}: start it with `make run`, or name a server"
            " with --url."
        )
    return url


def base_url_of(url: str) -> str:
    """With the `/api` that all paths of the interface begin with, given or not."""
    try:
        parsed = httpx.URL(url if "://" in url else f"https://{url}")
    except httpx.InvalidURL as error:
        raise LocalError(f"{url!r} is no address of a server ({error}).") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise LocalError(f"{url!r} is no address of a server; it looks like https://host/api.")
    path = parsed.path.rstrip("/")
    return str(parsed.copy_with(path=path if path.endswith("/api") else f"{path}/api", query=None))


def known_account(given: Account, environment: Mapping[str, str]) -> Account | None:
    """The command line's words first, then the environment's."""
    login = given.login or environment.get(EMAIL)
    password = given.password or environment.get(PASSWORD)
    token = given.token or (None if given.login else environment.get(TOKEN))
    if token:
        return Account(login, password, token)
    if bool(login) != bool(password):
        missing = "--password" if login else "--email"
        raise LocalError(f"{missing} (or {PASSWORD if login else EMAIL}) is missing.")
    return Account(login, password) if login else None


def local_admin(data: DataDir) -> Account:
    file = data.secrets / ADMIN_SECRET
    try:
        secret = json.loads(file.read_text())
        return Account(secret["email"], secret["password"])
    except (OSError, ValueError, KeyError) as error:
        raise LocalError(
            f"{file} has no administrator's account; give --email and --password."
        ) from error


def no_account(base_url: str) -> Account:
    raise LocalError(
        f"Who are you at {base_url}? Give --email and --password, or set {EMAIL} and {PASSWORD},"
        f" or {TOKEN}."
    )


def state_folder(environment: Mapping[str, str]) -> Path:
    """XDG Base Directory Specification."""
    given = environment.get("XDG_STATE_HOME")
    state = Path(given) if given and os.path.isabs(given) else Path.home() / ".local" / "state"  # noqa: PTH117
    return state / "djamms"


def journal_name(base_url: str) -> str:
    parsed = httpx.URL(base_url)
    host = re.sub(r"[^a-z0-9.-]", "_", parsed.host)
    return f"import-{host}-{hashlib.sha256(base_url.encode()).hexdigest()[:8]}.sqlite"
