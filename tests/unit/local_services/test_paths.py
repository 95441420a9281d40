"""The data directory: ours, usable, used by one."""

import os
from pathlib import Path

import pytest

from local.errors import LocalError
from local.paths import DataDir


def test_prepared_directory_is_recognised(tmp_path: Path) -> None:
    DataDir(tmp_path / "data").prepare()

    DataDir(tmp_path / "data").prepare()

    assert (tmp_path / "data" / "secrets").stat().st_mode & 0o077 == 0


def test_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").touch()

    with pytest.raises(LocalError, match="no data directory of DJAMMS"):
        DataDir(tmp_path).prepare()


def test_file_in_its_place_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    with pytest.raises(LocalError, match="cannot be used"):
        DataDir(tmp_path / "data").prepare()


@pytest.mark.parametrize(
    ("text", "problem"), [("not json", "is damaged"), ('{"format": 99}', "has format 99")]
)
def test_damaged_marker_is_one_sentence(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "djamms.json").write_text(text)

    with pytest.raises(LocalError, match=problem):
        DataDir(tmp_path).prepare()


def test_second_user_is_told_who_the_first_is(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    data.prepare()
    data.state_file.write_text('{"pid": 123, "url": "http://localhost:3001"}')

    with data.lock(), pytest.raises(LocalError, match=r"already runs .*process 123"):
        data.lock()

    assert not data.is_in_use()


def test_holder_of_the_lock_can_be_found(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    data.prepare()

    with data.lock():
        assert data.is_in_use()
        assert (data.run / "lock").read_text() == str(os.getpid())


def test_only_a_data_directory_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()

    with pytest.raises(LocalError, match="nothing was deleted"):
        DataDir(tmp_path).delete()

    assert (tmp_path / "precious").exists()


def test_deleting_takes_the_database_along_wherever_it_lies(tmp_path: Path) -> None:
    data = DataDir(tmp_path / "data")
    data.prepare()
    cluster = tmp_path / "elsewhere" / "token" / "cluster"
    cluster.mkdir(parents=True)
    data.postgres.mkdir()
    (data.postgres / "cluster").symlink_to(cluster)

    data.delete()

    assert not data.root.exists()
    assert list((tmp_path / "elsewhere").iterdir()) == []
