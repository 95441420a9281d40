import pytest

from local import preflight
from local.build import stated
from local.errors import LocalError


def test_says_all_that_is_malformed_at_once() -> None:
    surroundings = {"JWT_EXPIRES_IN": "banana", "BCRYPT_ROUNDS": "abc", "JWT_SECRET": "short"}

    with pytest.raises(LocalError) as caught:
        preflight.check(surroundings)

    assert [line.split()[0] for line in str(caught.value).splitlines()] == [
        *("JWT_SECRET", "JWT_EXPIRES_IN", "BCRYPT_ROUNDS")
    ]


def test_what_is_not_set_is_no_problem() -> None:
    preflight.check({"JWT_EXPIRES_IN": "", "PATH": "/bin"})

    assert preflight.unused({"JWT_EXPIRES_IN": "1h", "LOG_LEVEL": "DEBUG", "PATH": "/bin"}) == ""


def test_says_in_one_line_what_has_no_effect() -> None:
    names = ("AWS_S3_BUCKET", "CDN_BASE_URL", "AWS_ACCESS_KEY_ID", "REDIS_URL", "OPENSEARCH_URL")

    line = preflight.unused(dict.fromkeys(names, "x"))

    assert (
        "AWS_S3_BUCKET, CDN_BASE_URL, OPENSEARCH_URL (the stack makes its own); AWS_ACCESS_KEY_ID ("
        in line
    )
    assert "REDIS_URL (nothing reads it yet)" in line
    assert "\n" not in line


def test_a_setting_reaches_the_functions_that_read_it() -> None:
    surroundings = {
        "REFRESH_EXPIRES_IN": "7d",
        "LOG_LEVEL": "DEBUG",
        "AWS_S3_BUCKET": "mine",
        "JWT_SECRET": "x" * 32,
        "REDIS_URL": "redis://x",
    }

    assert stated("auth", surroundings) == {"REFRESH_EXPIRES_IN": "7d", "LOG_LEVEL": "DEBUG"}
    assert stated("jobs", surroundings) == {"LOG_LEVEL": "DEBUG"}
