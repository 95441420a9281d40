"""Which way imports go: functions → service → repository → models; the kernel knows no domain."""

import pytest

from tests.architecture.tree import DOMAINS, Source, sources

WEB = ("fastapi", "starlette", "mangum")
PACKAGE = sources("shared/djamms")
DOMAIN_FILES = [source for source in PACKAGE if source.domain]
KERNEL = [source for source in PACKAGE if not source.domain]
FUNCTIONS = sources("functions")
EXPOSED_SQL = {"sqlalchemy.orm.Session"}


def is_repository(source: Source) -> bool:
    return source.path.stem.endswith("repository")


def ids(source: Source) -> str:
    return source.name


def test_the_domains_are_those_of_the_design() -> None:
    assert {"auth", "music", "playlists", "scheduler", "search", "system"} <= DOMAINS


@pytest.mark.parametrize("source", KERNEL, ids=ids)
def test_kernel_imports_no_domain(source: Source) -> None:
    assert not source.imports_from(*(f"djamms.{domain}" for domain in DOMAINS))


@pytest.mark.parametrize("source", PACKAGE, ids=ids)
def test_package_imports_nothing_that_lambda_lacks(source: Source) -> None:
    assert not source.imports_from("functions", "infra", "local", "tests", "bench", "layers")


@pytest.mark.parametrize("source", DOMAIN_FILES, ids=ids)
def test_domains_do_not_know_the_web_framework(source: Source) -> None:
    assert not source.imports_from(*WEB)


@pytest.mark.parametrize("source", [s for s in DOMAIN_FILES if not is_repository(s)], ids=ids)
def test_sql_stands_in_repositories_only(source: Source) -> None:
    assert source.imports_from("sqlalchemy") <= EXPOSED_SQL


@pytest.mark.parametrize("source", [s for s in DOMAIN_FILES if is_repository(s)], ids=ids)
def test_repositories_do_not_call_services(source: Source) -> None:
    assert not {name for name in source.imports if name.endswith((".service", ".presenter"))}


@pytest.mark.parametrize("source", FUNCTIONS, ids=ids)
def test_functions_are_adapters(source: Source) -> None:
    assert not source.imports_from("sqlalchemy", "boto3", "botocore", "pg8000")
    assert not {name for name in source.imports if "repository" in name}


@pytest.mark.parametrize("source", FUNCTIONS, ids=ids)
def test_functions_do_not_import_each_other(source: Source) -> None:
    own = source.name.split("/")[1]
    others = {name for name in source.imports_from("functions") if name.split(".")[1] != own}
    assert not others


@pytest.mark.parametrize("source", sources("shared", "functions"), ids=ids)
def test_only_the_session_commits(source: Source) -> None:
    # A migration is no request: it commits revision by revision.
    if source.name not in {"shared/djamms/db/session.py", "shared/djamms/db/migrate.py"}:
        assert ".commit(" not in source.text


@pytest.mark.parametrize("source", sources("shared", "functions"), ids=ids)
def test_only_the_configuration_reads_the_environment(source: Source) -> None:
    if source.path.stem not in {"config", "secrets"}:
        assert "os.environ" not in source.text
        assert "getenv" not in source.text


@pytest.mark.parametrize("source", sources("infra"), ids=ids)
def test_infrastructure_does_not_import_the_application(source: Source) -> None:
    assert not source.imports_from("djamms", "functions", "local", "tests")
