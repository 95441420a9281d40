import json
from pathlib import Path

import pytest

from local.errors import LocalError
from local.importer.api import Account
from local.importer.target import base_url_of, find_server, journal_name
from local.paths import DataDir

NOBODY = Account()


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    data = DataDir(tmp_path / "data")
    data.prepare()
    return data


def test_the_local_stack_and_its_administrator_are_the_default(data: DataDir) -> None:
    data.state_file.write_text(json.dumps({"url": "http://localhost:4001"}))
    secret = {"email": "admin@djamms.local", "password": "secret"}
    (data.secrets / "ADMIN_SECRET_ARN").write_text(json.dumps(secret))

    server = find_server(url=None, data=data, given=NOBODY, environment={})

    assert server.base_url == "http://localhost:4001/api"
    assert server.account == Account("admin@djamms.local", "secret")
    assert server.journal.parent == data.root
    assert server.is_on_this_machine


def test_without_a_running_stack_it_says_how_to_start_one(data: DataDir) -> None:
    with pytest.raises(LocalError, match="start it with `make run`"):
        find_server(url=None, data=data, given=NOBODY, environment={})


def test_another_server_has_its_own_journal(data: DataDir, tmp_path: Path) -> None:
    environment = {
        "DJAMMS_EMAIL": "dj@example.com",
        "DJAMMS_PASSWORD": "secret",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }

    server = find_server(
        url="https://api.example.com", data=data, given=NOBODY, environment=environment
    )

    assert server.account == Account("dj@example.com", "secret")
    assert server.journal.parent == tmp_path / "state" / "djamms"
    assert not server.is_on_this_machine


@pytest.mark.parametrize(
    ("given", "environment", "problem"),
    [
        (NOBODY, {}, "Who are you"),
        (Account("dj@example.com"), {}, "--password"),
        (NOBODY, {"DJAMMS_PASSWORD": "x"}, "--email"),
    ],
)
def test_says_what_is_missing_to_sign_in(
    data: DataDir, given: Account, environment: dict[str, str], problem: str
) -> None:
    with pytest.raises(LocalError, match=problem):
        find_server(url="https://example.com", data=data, given=given, environment=environment)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.example.com", "https://api.example.com/api"),
        ("https://api.example.com/api/", "https://api.example.com/api"),
        ("api.example.com", "https://api.example.com/api"),
        ("http://localhost:3001", "http://localhost:3001/api"),
    ],
)
def test_addresses_may_be_short(url: str, expected: str) -> None:
    assert base_url_of(url) == expected


@pytest.mark.parametrize("url", ["ftp://example.com", "https://", "http://a:b"])
def test_what_is_no_address_is_said(url: str) -> None:
    with pytest.raises(LocalError, match="is no address"):
        base_url_of(url)


def test_journals_of_two_servers_differ() -> None:
    names = {journal_name(f"https://example.com:{port}/api") for port in (1, 2)}

    assert len(names) == 2
