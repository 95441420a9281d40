"""What the code says of its settings is what the templates state, and no more."""

from dataclasses import replace

import pytest

from djamms.config import Config as Settings
from djamms.config import settings
from infra import functions
from infra.config import CONFIGS, Config
from tests.infra.assembly import Assembly

BY_NAME = {setting.name: setting for setting in settings()}
REFUSED = [setting.name for setting in settings() if setting.refused]


def environments(assembly: Assembly) -> dict[str, dict[str, object]]:
    found = assembly.functions().items()
    return {name: one.properties["Environment"]["Variables"] for name, one in found}


def test_what_is_refused_is_in_no_template(assembly: Assembly) -> None:
    known = {"DATABASE_URL", "JWT_SECRET", "AWS_ACCESS_KEY_ID", "CDN_PRIVATE_KEY"}
    assert known | {"CLOCK_OFFSET_SECONDS"} <= set(REFUSED)
    for name, variables in environments(assembly).items():
        assert not variables.keys() & set(REFUSED), name


def test_a_function_gets_what_it_reads_and_nothing_else_of_ours(assembly: Assembly) -> None:
    for name, variables in environments(assembly).items():
        read = {s.name for s in settings() if name in s.readers}
        secrets = {s.secret for s in settings() if name in s.readers and s.secret}
        needed = {s.secret or s.name for s in settings() if name in s.readers and s.default is None}
        ours = variables.keys() & (BY_NAME.keys() | {s.secret for s in settings()})
        assert needed <= ours <= read | secrets, name


def test_every_function_would_start(assembly: Assembly) -> None:
    for name, variables in environments(assembly).items():
        texts = {
            variable: value if isinstance(value, str) else "https://made.example/x"
            for variable, value in variables.items()
        }
        Settings().require(name, texts | {"AWS_LAMBDA_FUNCTION_NAME": name})


def test_the_table_of_the_infrastructure_is_that_of_the_code() -> None:
    may_be_set = {
        s.name: s.readers for s in settings() if s.readers and not s.made and not s.refused
    }

    assert may_be_set == functions.READERS


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_what_is_set_is_well_formed(config: Config) -> None:
    assert not [p for name in config.settings if (p := BY_NAME[name].problem(config.settings))]


def test_a_setting_reaches_exactly_the_functions_that_read_it() -> None:
    config = replace(CONFIGS["dev"], settings={"REFRESH_EXPIRES_IN": "7d", "LOG_LEVEL": "DEBUG"})
    given = {spec.name: functions.settings(config, spec) for spec in functions.ALL}

    assert {name for name, one in given.items() if "REFRESH_EXPIRES_IN" in one} == {"auth"}
    assert all(one["LOG_LEVEL"] == "DEBUG" for one in given.values())


@pytest.mark.parametrize(
    "name",
    ["CLOCK_OFFSET_SECONDS", "JWT_SECRET", "AWS_ACCESS_KEY_ID", "SENTRY_DSN", "JWT_EXPIRE_IN"],
)
def test_refuses_what_no_function_may_be_given(name: str) -> None:
    config = replace(CONFIGS["dev"], settings={name: "x"})

    with pytest.raises(ValueError, match=name):
        functions.settings(config, functions.JOBS)
