from datetime import timedelta

import pytest

from djamms.config import Config, ConfigError, database_url, duration, settings, url, words

NAMES = ("DATABASE_URL", "DATABASE_SECRET_ARN", "JWT_EXPIRES_IN", "CDN_BASE_URL")


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch) -> Config:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return Config()


def test_names_everything_that_is_missing_or_malformed(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JWT_EXPIRES_IN", "a day")

    with pytest.raises(ConfigError) as caught:
        config.require(Config.database_url, Config.jwt_lifetime, Config.cdn_base_url)

    assert "DATABASE_URL (or DATABASE_SECRET_ARN) is not set" in str(caught.value)
    assert "JWT_EXPIRES_IN is malformed" in str(caught.value)
    assert "CDN_BASE_URL is not set" in str(caught.value)


def test_a_named_secret_counts_as_set_without_being_read(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_SECRET_ARN", "arn:aws:secretsmanager:::secret:database")

    config.require(Config.database_url)


def test_reads_the_secret_once(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []

    def read(arn: str) -> str:
        reads.append(arn)
        return '{"username": "u", "password": "p/w", "host": "db", "port": 5433, "dbname": "d"}'

    monkeypatch.setenv("DATABASE_SECRET_ARN", "arn")
    monkeypatch.setattr("djamms.config.read_secret", read)

    assert config.database_url == config.database_url
    assert config.database_url == "postgresql+pg8000://u:p%2Fw@db:5433/d?sslmode=require"
    assert reads == ["arn"]


@pytest.mark.parametrize("raw", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+x://u@h/d"])
def test_any_postgres_address_uses_the_driver(raw: str) -> None:
    assert database_url(raw) == "postgresql+pg8000://u@h/d"


@pytest.mark.parametrize("raw", ["mysql://x", '{"username": "u"}', "{", ""])
def test_refuses_what_is_not_a_database(raw: str) -> None:
    with pytest.raises(ValueError, match=r"expected|secret has no|Expecting"):
        database_url(raw)


@pytest.mark.parametrize(
    ("raw", "seconds"), [("24h", 86400), ("15m", 900), ("7d", 604800), ("60", 60), ("5s", 5)]
)
def test_durations(raw: str, seconds: int) -> None:
    assert duration(raw) == timedelta(seconds=seconds)


def test_small_parsers() -> None:
    assert url("https://cdn.example/") == "https://cdn.example"
    assert words(" a, b,,") == ("a", "b")
    with pytest.raises(ValueError, match="http"):
        url("ftp://x")


REQUIRED = (
    *("DATABASE_URL", "REDIS_URL", "JWT_SECRET", "JWT_EXPIRES_IN", "BCRYPT_ROUNDS"),
    *("AWS_S3_BUCKET", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CDN_BASE_URL"),
    *("SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "SPOTIFY_REDIRECT_URI"),
    *("ELASTICSEARCH_URL", "ELASTICSEARCH_USERNAME", "ELASTICSEARCH_PASSWORD"),
    *("OPENSEARCH_URL", "OPENSEARCH_USERNAME", "OPENSEARCH_PASSWORD"),
    *("SENTRY_DSN", "PROMETHEUS_ENDPOINT"),
)


@pytest.mark.parametrize("name", REQUIRED)
def test_every_variable_of_the_requirements_is_read(name: str) -> None:
    assert name in {name for setting in settings() for name in (setting.name, setting.alias)}


def test_an_alias_is_read_too(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENSEARCH_URL", "https://search.example/")

    assert config.search_url == "https://search.example"


def test_what_is_not_set_and_not_needed_is_none(config: Config) -> None:
    assert config.spotify_client_id is None
    assert config.bcrypt_rounds == 12
