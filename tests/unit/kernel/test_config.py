from datetime import timedelta

import pytest

from djamms.config import Config, ConfigError, settings
from djamms.parsers import database_url, duration, url, words

JOBS = {
    "DATABASE_SECRET_ARN": "arn:database",
    "ADMIN_SECRET_ARN": "djamms/admin",
    "AWS_S3_BUCKET": "media",
    "INGEST_QUEUE_URL": "https://sqs.example/1/ingest",
}


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch) -> Config:
    for setting in settings():
        monkeypatch.delenv(setting.name, raising=False)
    return Config()


def test_names_everything_that_is_missing_or_malformed(config: Config) -> None:
    with pytest.raises(ConfigError) as caught:
        config.require("auth", {"JWT_EXPIRES_IN": "a day", "LOG_LEVEL": "BOGUS"})

    assert "DATABASE_URL (or DATABASE_SECRET_ARN) is not set." in str(caught.value)
    assert "JWT_EXPIRES_IN is malformed: expected a number" in str(caught.value)
    assert "LOG_LEVEL is malformed: expected one of DEBUG" in str(caught.value)
    assert "CDN_BASE_URL is not set" in str(caught.value)


def test_a_function_asks_for_what_it_reads_and_no_more(config: Config) -> None:
    config.require("jobs", JOBS | {"JWT_EXPIRES_IN": "a day"})


def test_a_named_secret_counts_as_set_without_being_read(config: Config) -> None:
    config.require("jobs", JOBS)


@pytest.mark.parametrize("name", ["DATABASE_URL", "JWT_SECRET", "OPENSEARCH_PASSWORD"])
def test_a_function_refuses_a_secret_in_clear(config: Config, name: str) -> None:
    environment = JOBS | {name: "postgresql://u@h/d" + "x" * 32}
    config.require("jobs", environment)

    with pytest.raises(ConfigError, match="is refused: anyone who may describe the function"):
        config.require("jobs", environment | {"AWS_LAMBDA_FUNCTION_NAME": "djamms-jobs"})


def test_only_a_laptops_functions_have_a_clock_that_is_moved(config: Config) -> None:
    function = JOBS | {"CLOCK_OFFSET_SECONDS": "60", "AWS_LAMBDA_FUNCTION_NAME": "djamms-jobs"}
    config.require("jobs", function | {"DJAMMS_LOCAL_POLICY": "/policy.json"})

    with pytest.raises(ConfigError, match="CLOCK_OFFSET_SECONDS is refused: a deployed clock"):
        config.require("jobs", function)


def test_lambda_states_its_own_credentials(config: Config) -> None:
    own = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_LAMBDA_FUNCTION_NAME": "f"}

    config.require("jobs", JOBS | own)


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("JWT_EXPIRES_IN", "banana", "24h"),
        ("JWT_EXPIRES_IN", "0h", "1 second"),
        ("JWT_EXPIRES_IN", "99999999999d", "10 years"),
        ("LOG_LEVEL", "BOGUS", "DEBUG"),
        ("BCRYPT_ROUNDS", "abc", "4 to 31"),
        ("CLOCK_OFFSET_SECONDS", "1h", "a number of seconds"),
        ("CLOCK_OFFSET_SECONDS", "-99999999", "of a year at most"),
        ("SENTRY_DSN", "nonsense", "public key"),
        ("SENTRY_DSN", "https://sentry.example/1", "public key"),
        ("ELASTICSEARCH_URL", "nonsense", "https://"),
        ("PROMETHEUS_ENDPOINT", "nonsense", "http://"),
        ("SPOTIFY_REDIRECT_URI", "nonsense", "http://"),
        ("REDIS_URL", "http://cache:6379", "redis://"),
        ("JWT_SECRET", "short", "32 bytes"),
        ("ADMIN_ACCOUNT", "[]", "email"),
        ("DATABASE_URL", "mysql://x", "postgresql://"),
    ],
)
def test_says_what_is_wrong_with_a_value(name: str, raw: str, expected: str) -> None:
    [setting] = [one for one in settings() if one.name == name]

    assert setting.problem({name: raw}).startswith(f"{name} is malformed: ")
    assert expected in setting.problem({name: raw})


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("REDIS_URL", "rediss://:password@cache:6379/0"),
        ("SENTRY_DSN", "https://key@o1.ingest.sentry.example/42"),
        ("LOG_LEVEL", "debug"),
        ("JWT_SECRET", "x" * 32),
        ("OPENSEARCH_URL", "https://search.example:9200"),
        ("PROMETHEUS_ENDPOINT", "http://prometheus:9090"),
    ],
)
def test_takes_what_is_well_formed(name: str, raw: str) -> None:
    [setting] = [one for one in settings() if name in (one.name, one.alias)]

    assert setting.problem({name: raw}) == ""


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
