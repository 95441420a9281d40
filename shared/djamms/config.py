"""The only reader of the environment.

Each setting is declared once. A function names those that it needs in `config.require(...)`, and
fails at start with one sentence that lists all that is missing or malformed.
"""

import json
import os
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Self, overload
from urllib.parse import quote

from djamms.secrets import read_secret

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class ConfigError(Exception):
    """The environment lacks something or holds something unreadable."""


class Setting[T]:
    """One environment variable; `secret` names the variable that holds a secret's ARN instead."""

    def __init__(
        self, name: str, parse: Callable[[str], T], *, default: str | None = None, secret: str = ""
    ) -> None:
        self.name, self.parse, self.default, self.secret = name, parse, default, secret

    def __set_name__(self, owner: type, attribute: str) -> None:
        self.attribute = attribute

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        if instance is None:
            return self
        # Without __set__ the instance's own entry wins from the next read on.
        value = instance.__dict__[self.attribute] = self.read()
        return value

    def read(self) -> T:
        raw = os.environ.get(self.name)
        if not raw and self.secret and os.environ.get(self.secret):
            raw = read_secret(os.environ[self.secret])
        raw = raw or self.default
        if raw is None:
            raise ConfigError(self.problem() or f"{self.name} is not set")
        try:
            return self.parse(raw)
        except ValueError as error:
            raise ConfigError(f"{self.name} is malformed: {error}") from error

    def problem(self) -> str:
        """What is wrong with it, without asking for a secret; '' when nothing is."""
        raw = os.environ.get(self.name) or self.default
        if raw is None:
            if self.secret and os.environ.get(self.secret):
                return ""
            return f"{self.name}{f' (or {self.secret})' if self.secret else ''} is not set"
        try:
            self.parse(raw)
        except ValueError as error:
            return f"{self.name} is malformed: {error}"
        return ""


def duration(raw: str) -> timedelta:
    """'24h', '15m', '3600' (seconds)."""
    match = re.fullmatch(r"(\d+)([smhd]?)", raw.strip())
    if not match:
        raise ValueError("expected a number and s, m, h or d, such as 24h")
    return timedelta(**{UNITS[match[2] or "s"]: int(match[1])})


def url(raw: str) -> str:
    if not re.match(r"https?://[^/\s]+", raw):
        raise ValueError("expected an address that begins with http:// or https://")
    return raw.rstrip("/")


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


class Config:
    environment = Setting("DJAMMS_ENV", str, default="dev")
    log_level = Setting("LOG_LEVEL", str, default="INFO")
    database_url = Setting("DATABASE_URL", database_url, secret="DATABASE_SECRET_ARN")  # noqa: S106
    jwt_secret = Setting("JWT_SECRET", str, secret="JWT_SECRET_ARN")  # noqa: S106
    jwt_lifetime = Setting("JWT_EXPIRES_IN", duration, default="24h")
    refresh_lifetime = Setting("REFRESH_EXPIRES_IN", duration, default="30d")
    cors_allowed_origins = Setting("CORS_ALLOWED_ORIGINS", words)
    api_base_url = Setting("API_BASE_URL", url)
    cdn_base_url = Setting("CDN_BASE_URL", url)
    cdn_key_id = Setting("CDN_KEY_ID", str)
    cdn_private_key = Setting("CDN_PRIVATE_KEY", str, secret="CDN_KEY_SECRET_ARN")  # noqa: S106
    media_bucket = Setting("AWS_S3_BUCKET", str)
    ingest_queue_url = Setting("INGEST_QUEUE_URL", url)
    admin_account = Setting("ADMIN_ACCOUNT", json.loads, secret="ADMIN_SECRET_ARN")  # noqa: S106

    def require(self, *settings: Setting[Any]) -> Self:
        if problems := [problem for setting in settings if (problem := setting.problem())]:
            raise ConfigError("; ".join(problems))
        return self


config = Config()
