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
    """One environment variable.

    `secret` names the variable that holds a secret's ARN or name instead; `refused` says why the
    variable itself is not set when deployed; `alias` is another name that is read too.
    """

    def __init__(
        self,
        name: str,
        parse: Callable[[str], T],
        *,
        doc: str,
        default: str | None = None,
        secret: str = "",
        refused: str = "",
        alias: str = "",
    ) -> None:
        self.name, self.parse, self.doc = name, parse, doc
        self.default, self.secret, self.refused, self.alias = default, secret, refused, alias

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
        raw = self._stated()
        if not raw and self.secret and os.environ.get(self.secret):
            raw = read_secret(os.environ[self.secret])
        raw = raw or self.default
        if raw is None:
            raise ConfigError(self.problem() or f"{self.name} is not set")
        try:
            return self.parse(raw)
        except ValueError as error:
            raise ConfigError(f"{self.name} is malformed: {error}") from error

    def _stated(self) -> str | None:
        return os.environ.get(self.name) or (os.environ.get(self.alias) if self.alias else None)

    def problem(self) -> str:
        """What is wrong with it, without asking for a secret; '' when nothing is."""
        raw = self._stated() or self.default
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


def optional[T](parse: Callable[[str], T]) -> Callable[[str], T | None]:
    """Empty means absent."""
    return lambda raw: parse(raw) if raw else None


def rounds(raw: str) -> int:
    if not raw.isdigit() or not 4 <= int(raw) <= 31:
        raise ValueError("expected a number from 4 to 31")
    return int(raw)


READABLE = "anyone who may describe the function could read it: name a secret instead"
RESERVED = "Lambda sets it itself, from the function's role"


class Config:
    environment = Setting("DJAMMS_ENV", str, default="dev", doc="Name of the installation.")
    log_level = Setting("LOG_LEVEL", str, default="INFO", doc="DEBUG, INFO, WARNING, ERROR.")
    database_url = Setting(
        "DATABASE_URL",
        database_url,
        secret="DATABASE_SECRET_ARN",  # noqa: S106 -- a variable's name
        refused=READABLE,
        doc="PostgreSQL, as an address or as the JSON that RDS keeps in a secret.",
    )
    redis_url = Setting(
        "REDIS_URL", optional(str), default="", doc="Accepted; nothing uses it: there is no cache."
    )
    jwt_secret = Setting(
        "JWT_SECRET",
        str,
        secret="JWT_SECRET_ARN",  # noqa: S106 -- a variable's name
        refused=READABLE,
        doc="Signs access tokens, and by derived keys refresh and stream tokens.",
    )
    jwt_lifetime = Setting(
        "JWT_EXPIRES_IN", duration, default="24h", doc="How long an access token lives."
    )
    refresh_lifetime = Setting(
        "REFRESH_EXPIRES_IN", duration, default="30d", doc="How long a session lives unused."
    )
    bcrypt_rounds = Setting(
        "BCRYPT_ROUNDS",
        rounds,
        default="12",
        doc="Accepted; nothing uses it yet: new hashes are Argon2id.",
    )
    cors_allowed_origins = Setting(
        "CORS_ALLOWED_ORIGINS", words, doc="Where the frontend is served from, comma separated."
    )
    api_base_url = Setting("API_BASE_URL", url, doc="The address of /api as clients see it.")
    media_bucket = Setting("AWS_S3_BUCKET", str, doc="Uploads, audio, images, trash.")
    aws_access_key_id = Setting(
        "AWS_ACCESS_KEY_ID", optional(str), default="", refused=RESERVED, doc="For the AWS SDK."
    )
    aws_secret_access_key = Setting(
        "AWS_SECRET_ACCESS_KEY", optional(str), default="", refused=RESERVED, doc="For the AWS SDK."
    )
    cdn_base_url = Setting("CDN_BASE_URL", url, doc="The address in front of the media bucket.")
    cdn_key_id = Setting("CDN_KEY_ID", str, doc="CloudFront's id of the public key.")
    cdn_private_key = Setting(
        "CDN_PRIVATE_KEY",
        str,
        secret="CDN_KEY_SECRET_ARN",  # noqa: S106 -- a variable's name
        refused=READABLE,
        doc="PEM of the ECDSA P-256 key that signs media addresses.",
    )
    ingest_queue_url = Setting("INGEST_QUEUE_URL", url, doc="The queue that feeds ingest.")
    admin_account = Setting(
        "ADMIN_ACCOUNT",
        json.loads,
        secret="ADMIN_SECRET_ARN",  # noqa: S106 -- a variable's name
        refused=READABLE,
        doc="JSON with email, username and password of the first administrator.",
    )
    spotify_client_id = Setting(
        "SPOTIFY_CLIENT_ID", optional(str), default="", doc="Accepted; nothing uses it yet."
    )
    spotify_client_secret = Setting(
        "SPOTIFY_CLIENT_SECRET",
        optional(str),
        default="",
        secret="SPOTIFY_SECRET_ARN",  # noqa: S106 -- a variable's name
        refused=READABLE,
        doc="Accepted; nothing uses it yet.",
    )
    spotify_redirect_uri = Setting(
        "SPOTIFY_REDIRECT_URI", optional(url), default="", doc="Accepted; nothing uses it yet."
    )
    search_url = Setting(
        "ELASTICSEARCH_URL",
        optional(url),
        default="",
        alias="OPENSEARCH_URL",
        doc="Accepted; nothing uses it yet: PostgreSQL searches.",
    )
    search_username = Setting(
        "ELASTICSEARCH_USERNAME",
        optional(str),
        default="",
        alias="OPENSEARCH_USERNAME",
        doc="Accepted; nothing uses it yet.",
    )
    search_password = Setting(
        "ELASTICSEARCH_PASSWORD",
        optional(str),
        default="",
        alias="OPENSEARCH_PASSWORD",
        secret="OPENSEARCH_SECRET_ARN",  # noqa: S106 -- a variable's name
        refused=READABLE,
        doc="Accepted; nothing uses it yet.",
    )
    sentry_dsn = Setting(
        "SENTRY_DSN", optional(url), default="", doc="Accepted; nothing uses it yet."
    )
    prometheus_endpoint = Setting(
        "PROMETHEUS_ENDPOINT", optional(url), default="", doc="Accepted; nothing uses it yet."
    )

    def require(self, *settings: Setting[Any]) -> Self:
        if problems := [problem for setting in settings if (problem := setting.problem())]:
            raise ConfigError("; ".join(problems))
        return self


config = Config()


def settings() -> list[Setting[Any]]:
    """All that is read, in the order in which it is declared."""
    return [value for value in vars(Config).values() if isinstance(value, Setting)]
