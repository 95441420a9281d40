"""What the text of a setting means. Each raises ValueError with a sentence for people."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
MIN_KEY_BYTES = 32
YEAR_SECONDS = 366 * 86_400
MAX_DURATION = {"s": 315_360_000, "m": 5_256_000, "h": 87_600, "d": 3650}


def duration(raw: str) -> timedelta:
    """'24h', '15m', '3600' (seconds)."""
    match = re.fullmatch(r"(\d+)([smhd]?)", raw.strip())
    if not match:
        raise ValueError("expected a number and s, m, h or d, such as 24h")
    if not 0 < (value := int(match[1])) <= MAX_DURATION[match[2] or "s"]:
        raise ValueError("expected a time between 1 second and 10 years")
    return timedelta(**{UNITS[match[2] or "s"]: value})


def url(raw: str) -> str:
    if not re.match(r"https?://[^/\s]+", raw):
        raise ValueError("expected an address that begins with http:// or https://")
    return raw.rstrip("/")


def address(*schemes: str) -> Callable[[str], str]:
    """Of a server: scheme, host, and what else stands there."""

    def parse(raw: str) -> str:
        if not re.match(rf"({'|'.join(schemes)})://[^/\s]+\S*$", raw):
            raise ValueError(f"expected an address that begins with {schemes[0]}://")
        return raw

    return parse


def sentry_address(raw: str) -> str:
    """https://docs.sentry.io/concepts/key-terms/dsn-explainer/"""
    if not re.match(r"https?://[^@/\s]+@[^/\s]+/(\S+/)?\d+$", raw):
        raise ValueError("expected https://<public key>@<host>/<project number>")
    return raw


def level(raw: str) -> str:
    if raw.upper() not in LEVELS:
        raise ValueError(f"expected one of {', '.join(LEVELS)}")
    return raw.upper()


def signing_key(raw: str) -> str:
    """HS256 needs a key as long as its hash (RFC 7518 §3.2)."""
    return _long_enough(_keys(raw)[0])


def former_keys(raw: str) -> tuple[str, ...]:
    """Those that still verify. Of a secret that holds one bare key it is that one: no other."""
    current, former = _keys(raw)
    keys = former if raw.lstrip().startswith("{") else words(current)
    return tuple(_long_enough(key) for key in keys)


def _keys(raw: str) -> tuple[str, tuple[str, ...]]:
    """The current key and the former ones: a bare key, or JSON with `current` and `previous`."""
    if not raw.lstrip().startswith("{"):
        return raw, ()
    found = json.loads(raw)
    current, former = found.get("current"), found.get("previous", [])
    if not isinstance(former, list) or not all(isinstance(key, str) for key in (current, *former)):
        raise ValueError("expected JSON with current, a text, and previous, a list of texts")
    return current, tuple(former)


def _long_enough(key: str) -> str:
    if len(key.encode()) < MIN_KEY_BYTES:
        raise ValueError(f"expected at least {MIN_KEY_BYTES} bytes; `openssl rand -base64 48`")
    return key


def mail_address(raw: str) -> str:
    """An address alone, or `Name <address>`."""
    if not re.fullmatch(r"([^<>@\r\n]+<)?[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+>?", raw):
        raise ValueError("expected an address such as DJAMMS <no-reply@example.com>")
    return raw


def account(raw: str) -> dict[str, str]:
    found = json.loads(raw)
    if not isinstance(found, dict) or not {"email", "username", "password"} <= found.keys():
        raise ValueError("expected JSON with email, username and password")
    return found


def words(raw: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def database_url(raw: str) -> str:
    """A PostgreSQL URL, or the JSON that RDS keeps in a secret, as SQLAlchemy's URL for pg8000."""
    if raw.lstrip().startswith("{"):
        try:
            secret: dict[str, Any] = json.loads(raw)
            user, password = quote(secret["username"], safe=""), quote(secret["password"], safe="")
            host, port, name = secret["host"], secret.get("port", 5432), secret.get("dbname")
        except KeyError as error:
            raise ValueError(f"the secret has no {error}") from error
        raw = f"postgresql://{user}:{password}@{host}:{port}/{name or 'djamms'}"
        raw += f"?sslmode={secret.get('sslmode', 'require')}"
    if not re.match(r"postgres(ql)?(\+\w+)?://", raw):
        raise ValueError("expected postgresql://user:password@host:port/database")
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+pg8000://", raw)


def optional[T](parse: Callable[[str], T]) -> Callable[[str], T | None]:
    """Empty means absent."""
    return lambda raw: parse(raw) if raw else None


def seconds(raw: str) -> int:
    """Ahead, or with a minus behind, within a year."""
    if not raw.removeprefix("-").isdecimal() or abs(int(raw)) > YEAR_SECONDS:
        raise ValueError("expected a number of seconds, of a year at most")
    return int(raw)


def rounds(raw: str) -> int:
    if not raw.isdigit() or not 4 <= int(raw) <= 31:
        raise ValueError("expected a number from 4 to 31")
    return int(raw)
