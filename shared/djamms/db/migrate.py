"""Migrations, forward only: `upgrade` brings a database to the newest schema.

The library stays in use meanwhile: each revision is a transaction of its own, which gives up rather
than wait long for a lock, as whoever comes later waits behind it; then it is tried again.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Connection, Engine, NullPool, text
from sqlalchemy.exc import DBAPIError

from djamms.db.session import create_database_engine
from djamms.db.sqlstate import sqlstate

# To fill in a new table from a million tracks takes minutes.
PATIENCE_SECONDS = 840
# Two deployments at once: the second waits here until the first is through.
ADVISORY_LOCK = 0x646A616D
# Sooner than PostgreSQL looks for deadlocks (1 s): so no request is ever the one that is ended.
LOCK_TIMEOUT = "400ms"
PAUSE_SECONDS = 0.5
IN_THE_WAY = {"55P03", "40P01"}


def alembic_config(connection: Connection | None = None) -> AlembicConfig:
    options = AlembicConfig()
    options.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    options.attributes["connection"] = connection
    return options


def migration_engine(url: str) -> Engine:
    return create_database_engine(url, patience_seconds=PATIENCE_SECONDS, poolclass=NullPool)


def upgrade(
    engine: Engine, revision: str = "head", *, patience_seconds: float = PATIENCE_SECONDS
) -> None:
    """What is committed when it fails stays so; another call goes on from there."""
    until = time.monotonic() + patience_seconds
    with engine.connect() as connection, patience(connection), alone(connection, until):
        while not _upgraded(connection, revision, is_last_try=time.monotonic() > until):
            time.sleep(PAUSE_SECONDS)


def _upgraded(connection: Connection, revision: str, *, is_last_try: bool) -> bool:
    try:
        command.upgrade(alembic_config(connection), revision)
    except DBAPIError as error:
        connection.rollback()
        if is_last_try or sqlstate(error) not in IN_THE_WAY:
            raise
        return False
    return True


@contextmanager
def alone(connection: Connection, until: float) -> Iterator[None]:
    """Asks again and again, as one who waits in a statement would hold up the making of an index
    that waits for all statements before it."""
    lock = text("SELECT pg_try_advisory_lock(:key)")
    while not _now(connection, lock, key=ADVISORY_LOCK):
        if time.monotonic() > until:
            raise TimeoutError("another migration does not end")
        time.sleep(PAUSE_SECONDS)
    setting = text("SELECT set_config('lock_timeout', :value, false)")
    _now(connection, setting, value=LOCK_TIMEOUT)
    try:
        yield
    finally:
        connection.rollback()
        _now(connection, setting, value="0")
        _now(connection, text("SELECT pg_advisory_unlock(:key)"), key=ADVISORY_LOCK)


def _now(connection: Connection, statement: Any, **values: object) -> object:
    answer = connection.scalar(statement, values)
    connection.commit()
    return answer


@contextmanager
def patience(connection: Connection) -> Iterator[None]:
    """The driver's one limit is for connecting and for each reply: a large table takes longer."""
    socket = cast(Any, connection.connection.dbapi_connection)._usock
    usual = socket.gettimeout()
    socket.settimeout(None)
    try:
        yield
    finally:
        socket.settimeout(usual)
