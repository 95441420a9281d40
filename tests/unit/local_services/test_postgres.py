"""The embedded server: what a kill leaves behind is not in the way of the next start."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from local.errors import LocalError
from local.services.account import Account
from local.services.postgres import PostgresServer
from local.services.postgres_files import (
    adopt_cluster,
    binaries,
    existing_cluster,
    forgotten,
    place_for_cluster,
)
from local.services.process import wait_until

STRANGER = Account("stranger", 12_345, 12_345)
START = """
import sys
from pathlib import Path
from local.services.postgres import PostgresServer
print(PostgresServer(Path(sys.argv[1])).start().pid, flush=True)
sys.stdin.read()
"""


def query(server: PostgresServer, statement: str, **changes: Any) -> Any:
    """The first value of the result, if there is one."""
    url = make_url(server.url).set(**changes)
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        result = connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


def write(server: PostgresServer) -> None:
    query(server, "CREATE TABLE kept AS SELECT 42 AS answer")


def answer(server: PostgresServer) -> Any:
    return query(server, "SELECT answer FROM kept")


def test_account_owns_its_database_and_is_no_superuser(folder: Path) -> None:
    with PostgresServer(folder / "pg") as server:
        for name in ("pg_trgm", "unaccent", "fuzzystrmatch", "btree_gin", "citext"):
            query(server, f"CREATE EXTENSION {name}")
        query(server, "CREATE DATABASE another")
        assert query(server, "SHOW is_superuser") == "off"
        assert query(server, "SHOW fsync") == "on"
        assert query(server, "SELECT show_trgm('ÄÖ')"), "letters beyond ASCII are letters"


def test_wrong_password_is_refused(folder: Path) -> None:
    with PostgresServer(folder / "pg") as server, pytest.raises(DBAPIError, match="28P01"):
        query(server, "SELECT 1", password="guess")


def test_data_survives_a_kill(folder: Path) -> None:
    server = PostgresServer(folder / "pg").start()
    write(server)
    assert server.pid

    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: server.pid is None, seconds=5, problem="it lives")

    with server:
        assert answer(server) == 42


def test_server_left_behind_is_ended_by_the_next_start(folder: Path) -> None:
    old = PostgresServer(folder / "pg").start()
    write(old)

    with PostgresServer(folder / "pg") as new:
        assert old.pid is None
        assert answer(new) == 42


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_server_ends_cleanly_with_its_parent(folder: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", START, folder / "pg"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout
    pid = int(parent.stdout.readline())

    parent.kill()
    parent.communicate()

    wait_until(lambda: not psutil.pid_exists(pid), seconds=10, problem="it lives")
    assert "database system is shut down" in (folder / "pg" / "postgres.log").read_text()


def test_half_made_cluster_is_made_anew(folder: Path) -> None:
    draft = folder / "pg" / "cluster.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18")

    with PostgresServer(folder / "pg") as server:
        assert query(server, "SELECT 1") == 1


def test_lost_password_is_replaced(folder: Path) -> None:
    with PostgresServer(folder / "pg") as server:
        write(server)
    (folder / "pg" / "password").unlink()

    with PostgresServer(folder / "pg") as server:
        assert answer(server) == 42


def test_files_of_another_version_are_refused(folder: Path) -> None:
    with PostgresServer(folder / "pg"):
        pass
    (folder / "pg" / "cluster" / "PG_VERSION").write_text("17\n")

    with pytest.raises(LocalError, match="are of PostgreSQL 17, not 18"):
        PostgresServer(folder / "pg").start()


def test_damaged_files_are_one_sentence(folder: Path) -> None:
    (folder / "pg" / "cluster").mkdir(parents=True)

    with pytest.raises(LocalError, match="are damaged"):
        PostgresServer(folder / "pg").start()


def test_reason_of_the_server_is_passed_on(folder: Path) -> None:
    with PostgresServer(folder / "pg"):
        pass
    (folder / "pg" / "cluster" / "global" / "pg_control").unlink()

    with pytest.raises(LocalError, match=r"PostgreSQL did not start: .*pg_control"):
        PostgresServer(folder / "pg").start()


def test_taken_port_is_one_sentence(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(LocalError, match="PostgreSQL did not start"):
            PostgresServer(folder / "pg", port=port).start()


def test_port_is_kept_across_starts(folder: Path) -> None:
    with PostgresServer(folder / "pg") as first:
        port = first.port

    with PostgresServer(folder / "pg") as second:
        assert second.port == port


def test_file_in_the_place_of_the_folder_is_one_sentence(folder: Path) -> None:
    (folder / "pg").write_text("")

    with pytest.raises(LocalError, match="cannot be used"):
        PostgresServer(folder / "pg").start()


def test_files_lie_elsewhere_when_the_account_cannot_reach_them(folder: Path) -> None:
    home = folder / "closed" / "pg"
    home.mkdir(parents=True)
    home.parent.chmod(0o700)

    cluster = place_for_cluster(home, STRANGER, elsewhere=folder / "elsewhere")

    assert cluster.parent.parent == folder / "elsewhere"
    assert (cluster.parent / "belongs-to").read_text().strip() == str(home)
    assert STRANGER.can_reach(cluster)


def test_database_of_a_deleted_directory_is_found(folder: Path) -> None:
    places = []
    for name in ("kept", "deleted"):
        home = folder / name
        home.mkdir(mode=0o700)
        cluster = place_for_cluster(home, STRANGER, elsewhere=folder / "elsewhere")
        cluster.mkdir()
        adopt_cluster(home, cluster)
        places.append(cluster.parent)
    shutil.rmtree(folder / "deleted")

    assert forgotten(folder / "elsewhere") == places[1:]


def test_files_lie_in_a_home_that_the_account_can_reach(folder: Path) -> None:
    home = folder / "open" / "pg"
    home.mkdir(parents=True)
    home.parent.chmod(0o711)
    home.chmod(0o711)

    assert place_for_cluster(home, STRANGER) == home / "cluster"


def test_programs_are_copied_when_the_account_cannot_reach_them(folder: Path) -> None:
    cache = folder / "cache"

    found = binaries(_Blind("blind", 1, 1), cache=cache)

    assert found.is_relative_to(cache)
    done = subprocess.run([found / "postgres", "--version"], capture_output=True, text=True)
    assert done.stdout.startswith("postgres (PostgreSQL) 18")


class _Blind(Account):
    """Reaches nothing but what was copied for it."""

    def can_reach(self, folder: Path) -> bool:
        return "cache" in folder.parts


def test_files_that_are_gone_are_one_sentence(folder: Path) -> None:
    (folder / "cluster").symlink_to(folder / "nowhere")

    with pytest.raises(LocalError, match="are gone from"):
        existing_cluster(folder)
