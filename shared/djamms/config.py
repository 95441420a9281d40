"""The only reader of the environment.

Each setting is declared once, with the functions that read it. `config.require("music")` fails at a
function's start with a sentence for each setting that is missing, malformed or refused.
"""

import os
import time
from collections.abc import Callable, Mapping
from typing import Any, Self, overload

from djamms.parsers import (
    LEVELS,
    account,
    address,
    database_url,
    duration,
    former_keys,
    level,
    mail_address,
    optional,
    rounds,
    seconds,
    sentry_address,
    signing_key,
    url,
    words,
)
from djamms.secrets import read_secret

# By this Lambda names the function that runs, and so does the local stack.
IN_A_FUNCTION = "AWS_LAMBDA_FUNCTION_NAME"
# Only the local stack sets this.
ON_A_LAPTOP = "DJAMMS_LOCAL_POLICY"


class ConfigError(Exception):
    """The environment lacks something or holds something unreadable."""


class Setting[T]:
    """One environment variable.

    `readers` are the functions that read it, none while nothing does. `secret` names the variable
    that holds a secret's ARN or name instead; `refused` says why the variable itself is not set
    when deployed; `alias` is another name that is read too; `made` marks what the infrastructure
    makes and names, on a laptop too; `kept_seconds` is after how long it is read anew.
    """

    def __init__(
        self,
        name: str,
        parse: Callable[[str], T],
        *,
        doc: str,
        readers: tuple[str, ...] = (),
        default: str | None = None,
        secret: str = "",
        refused: str = "",
        alias: str = "",
        made: bool = False,
        kept_seconds: int = 0,
    ) -> None:
        self.name, self.parse, self.doc, self.readers = name, parse, doc, readers
        self.default, self.secret, self.refused, self.alias = default, secret, refused, alias
        self.made, self.kept_seconds = made, kept_seconds

    def __set_name__(self, owner: type, attribute: str) -> None:
        self.attribute = attribute

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        if instance is None:
            return self
        if self.kept_seconds:
            return self._fresh(instance)
        # Without __set__ the instance's own entry wins from the next read on.
        value = instance.__dict__[self.attribute] = self.read()
        return value

    def _fresh(self, instance: object) -> T:
        """Never the instance's own entry, which would be kept for ever."""
        kept: tuple[T, float] | None = instance.__dict__.get(f"kept {self.attribute}")
        if kept is None or time.monotonic() >= kept[1]:
            kept = self.read(), time.monotonic() + self.kept_seconds
            instance.__dict__[f"kept {self.attribute}"] = kept
        return kept[0]

    def read(self) -> T:
        raw = self.stated()
        if not raw and self.secret and os.environ.get(self.secret):
            raw = read_secret(os.environ[self.secret])
        raw = raw or self.default
        if raw is None:
            raise ConfigError(self.problem() or f"{self.name} is not set")
        try:
            return self.parse(raw)
        except ValueError as error:
            raise ConfigError(f"{self.name} is malformed: {error}") from error

    def stated(self, environment: Mapping[str, str] = os.environ) -> str | None:
        """As it stands there under one of its names, not read from a secret."""
        return environment.get(self.name) or (environment.get(self.alias) if self.alias else None)

    def problem(self, environment: Mapping[str, str] = os.environ) -> str:
        """What is wrong with it, without asking for a secret; '' when nothing is."""
        raw = self.stated(environment) or self.default
        if raw is None:
            if self.secret and environment.get(self.secret):
                return ""
            return f"{self.name}{f' (or {self.secret})' if self.secret else ''} is not set"
        try:
            self.parse(raw)
        except ValueError as error:
            return f"{self.name} is malformed: {error}"
        return ""


READABLE = "anyone who may describe the function could read it: name a secret instead"
RESERVED = "Lambda sets it itself, from the function's role"
LOCAL_ONLY = "a deployed clock is right"


API = (
    *("auth", "music", "search", "playlists", "library", "spotify", "scheduler", "system"),
    "settings",
)
ALL = (*API, "ingest", "jobs", "mail", "indexer", "playout")
API_AND_MAIL = (*API, "mail")
# So long a process may go on with a key that was replaced; the secrets extension keeps as long.
KEY_KEPT_SECONDS = 300


class Config:
    log_level = Setting(
        "LOG_LEVEL", level, readers=ALL, default="INFO", doc=f"One of {', '.join(LEVELS)}."
    )
    database_url = Setting(
        "DATABASE_URL",
        database_url,
        readers=ALL,
        secret="DATABASE_SECRET_ARN",  # noqa: S106 -- a variable's name
        refused=READABLE,
        doc="PostgreSQL, as an address or as the JSON that RDS keeps in a secret.",
    )
    redis_url = Setting(
        "REDIS_URL",
        optional(address("redis", "rediss")),
        default="",
        doc="A cache; there is none.",
    )
    jwt_secret = Setting(
        "JWT_SECRET",
        signing_key,
        readers=API_AND_MAIL,
        secret="JWT_SECRET_ARN",  # noqa: S106 -- a variable's name
        refused=READABLE,
        kept_seconds=KEY_KEPT_SECONDS,
        doc="32 bytes or more: signs access tokens, and by derived keys refresh and stream tokens.",
    )
    jwt_previous_secrets = Setting(
        "JWT_PREVIOUS_SECRETS",
        former_keys,
        readers=API_AND_MAIL,
        default="",
        secret="JWT_SECRET_ARN",  # noqa: S106 -- a variable's name
        refused=READABLE,
        kept_seconds=KEY_KEPT_SECONDS,
        doc="Former keys, comma separated: what they signed stays good (docs/operations.md).",
    )
    jwt_lifetime = Setting(
        "JWT_EXPIRES_IN",
        duration,
        readers=("auth",),
        default="24h",
        doc="How long an access token lives.",
    )
    refresh_lifetime = Setting(
        "REFRESH_EXPIRES_IN",
        duration,
        readers=("auth",),
        default="30d",
        doc="How long a session lives unused.",
    )
    bcrypt_rounds = Setting(
        "BCRYPT_ROUNDS",
        rounds,
        readers=("auth",),
        default="12",
        doc="Cost of an older install's bcrypt hashes, 4 to 31; new hashes are Argon2id.",
    )
    cors_allowed_origins = Setting(
        "CORS_ALLOWED_ORIGINS",
        words,
        readers=API,
        made=True,
        doc="Where the frontend is served from, comma separated.",
    )
    api_base_url = Setting(
        "API_BASE_URL",
        url,
        readers=API,
        made=True,
        doc="The address of /api as clients see it.",
    )
    media_bucket = Setting(
        "AWS_S3_BUCKET",
        str,
        readers=("music", "playlists", "ingest", "jobs"),
        made=True,
        doc="Uploads, audio, images, trash.",
    )
    aws_access_key_id = Setting(
        "AWS_ACCESS_KEY_ID", optional(str), default="", refused=RESERVED, doc="For the AWS SDK."
    )
    aws_secret_access_key = Setting(
        "AWS_SECRET_ACCESS_KEY", optional(str), default="", refused=RESERVED, doc="For the AWS SDK."
    )
    cdn_base_url = Setting(
        "CDN_BASE_URL",
        url,
        readers=API,
        made=True,
        doc="The address in front of the media bucket.",
    )
    cdn_key_id = Setting(
        "CDN_KEY_ID",
        str,
        readers=("music",),
        made=True,
        doc="CloudFront's id of the public key.",
    )
    cdn_private_key = Setting(
        "CDN_PRIVATE_KEY",
        str,
        readers=("music",),
        secret="CDN_KEY_SECRET_ARN",  # noqa: S106 -- a variable's name
        refused=READABLE,
        doc="PEM of the ECDSA P-256 key that signs media addresses.",
    )
    ingest_queue_url = Setting(
        "INGEST_QUEUE_URL",
        url,
        readers=("playlists", "jobs"),
        made=True,
        doc="The queue that feeds ingest.",
    )
    index_queue_url = Setting(
        "INDEX_QUEUE_URL",
        optional(url),
        readers=("auth", "music", "playlists", "library", "ingest", "jobs", "indexer", "system"),
        default="",
        made=True,
        doc="The queue that wakes the indexer; without it nothing is indexed.",
    )
    playout_queue_url = Setting(
        "PLAYOUT_QUEUE_URL",
        optional(url),
        readers=("scheduler", "playout"),
        default="",
        made=True,
        doc="The queue that wakes playout; without it a change waits for the next minute.",
    )
    event_bus = Setting(
        "EVENT_BUS_NAME",
        str,
        readers=("playout",),
        made=True,
        doc="Where is told what became current.",
    )
    mail_queue_url = Setting(
        "MAIL_QUEUE_URL",
        url,
        readers=("auth",),
        made=True,
        doc="The queue of mails to write.",
    )
    mail_from = Setting(
        "MAIL_FROM",
        mail_address,
        readers=("mail",),
        made=True,
        doc="Who mails come from; SES must have verified its domain.",
    )
    frontend_base_url = Setting(
        "FRONTEND_BASE_URL",
        url,
        readers=("mail",),
        doc="Where the links in mails lead to.",
    )
    admin_account = Setting(
        "ADMIN_ACCOUNT",
        account,
        readers=("jobs",),
        secret="ADMIN_SECRET_ARN",  # noqa: S106 -- a variable's name
        refused=READABLE,
        doc="JSON with email, username and password of the first administrator.",
    )
    spotify_client_id = Setting(
        "SPOTIFY_CLIENT_ID", optional(str), default="", doc="Of the application at Spotify."
    )
    spotify_client_secret = Setting(
        "SPOTIFY_CLIENT_SECRET",
        optional(str),
        default="",
        secret="SPOTIFY_SECRET_ARN",  # noqa: S106 -- a variable's name
        refused=READABLE,
        doc="Of the application at Spotify.",
    )
    spotify_redirect_uri = Setting(
        "SPOTIFY_REDIRECT_URI", optional(url), default="", doc="Where Spotify sends people back to."
    )
    search_url = Setting(
        "ELASTICSEARCH_URL",
        optional(url),
        readers=("search", "indexer", "system"),
        default="",
        alias="OPENSEARCH_URL",
        made=True,
        doc="OpenSearch; without it PostgreSQL searches.",
    )
    search_username = Setting(
        "ELASTICSEARCH_USERNAME",
        optional(str),
        default="",
        readers=("search", "indexer", "system"),
        alias="OPENSEARCH_USERNAME",
        doc="Of OpenSearch; without it the function's role speaks for it.",
    )
    search_password = Setting(
        "ELASTICSEARCH_PASSWORD",
        optional(str),
        default="",
        alias="OPENSEARCH_PASSWORD",
        readers=("search", "indexer", "system"),
        secret="OPENSEARCH_SECRET_ARN",  # noqa: S106 -- a variable's name
        refused=READABLE,
        doc="Of OpenSearch.",
    )
    clock_offset_seconds = Setting(
        "CLOCK_OFFSET_SECONDS",
        seconds,
        readers=ALL,
        default="0",
        refused=LOCAL_ONLY,
        doc="Moves every clock of the system, to try schedules: `djamms up --clock-offset`.",
    )
    sentry_dsn = Setting(
        "SENTRY_DSN", optional(sentry_address), default="", doc="Where errors are to be reported."
    )
    prometheus_endpoint = Setting(
        "PROMETHEUS_ENDPOINT", optional(url), default="", doc="Where metrics are to be sent."
    )

    def require(self, function: str, environment: Mapping[str, str] = os.environ) -> Self:
        """Raises ConfigError with all that keeps this function from its work."""
        found = [
            problem
            for setting in settings()
            if function in setting.readers and (problem := setting.problem(environment))
        ]
        if environment.get(IN_A_FUNCTION):
            found += refused(environment)
        if found:
            raise ConfigError(". ".join(found))
        return self


def refused(environment: Mapping[str, str]) -> list[str]:
    """What must not stand in a function's environment; Lambda itself sees to its own names."""
    reasons = {READABLE} if environment.get(ON_A_LAPTOP) else {READABLE, LOCAL_ONLY}
    return [
        f"{setting.name} is refused: {setting.refused}"
        + (f" ({setting.secret})" if setting.secret else "")
        for setting in settings()
        if setting.refused in reasons and setting.stated(environment)
    ]


config = Config()


def settings() -> list[Setting[Any]]:
    """All that is read, in the order in which it is declared."""
    return [value for value in vars(Config).values() if isinstance(value, Setting)]
