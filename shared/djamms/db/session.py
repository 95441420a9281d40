"""The one place that connects, commits and rolls back.

A Lambda serves one request at a time: one pooled connection, checked before use because the
process may have been frozen for minutes. No session-level SET: it would pin a proxy's connection.
"""

import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from ssl import CERT_NONE, SSLContext, create_default_context
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import (
    DBAPIConnection,
    DBAPICursor,
    Dialect,
    ExecutionContext,
)
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from djamms.config import config
from djamms.db.prepared import PreparingConnection
from djamms.db.sqlstate import problem_of
from djamms.errors import DomainError, Unprocessable

# For the connection, and for the answer to each statement.
PATIENCE_SECONDS = 10
TIMESTAMPTZ_OID = 1184
IDLE_SECONDS = 5
AFTER_COMMIT = "after_commit"
TAKEN = "taken_for_reading"


def create_database_engine(
    url: str, *, patience_seconds: float = PATIENCE_SECONDS, **options: Any
) -> Engine:
    """An engine for `url`; `?sslmode=require` encrypts, `disable` (the default) does not."""
    parsed = make_url(url)
    # The server gives up a little sooner than the driver, so that it does not go on for nobody.
    # It is told when a connection starts: unlike a SET, that pins no proxy's.
    server_gives_up = {"statement_timeout": str(round(patience_seconds * 950))}
    arguments: dict[str, Any] = {"timeout": patience_seconds, "startup_params": server_gives_up}
    if parsed.query.get("sslmode", "disable") != "disable":
        arguments["ssl_context"] = _encrypting()
    engine = create_engine(
        parsed.difference_update_query(["sslmode"]),
        connect_args=arguments,
        # An error's text goes to the log, where addresses and hashes have no business.
        hide_parameters=True,
        **options,
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "connect", _read_times_fast)
    event.listen(engine, "do_execute", _execute)
    return engine


def _connect(
    _dialect: Dialect, _record: ConnectionPoolEntry, words: Any, options: dict[str, Any]
) -> DBAPIConnection:
    return cast(DBAPIConnection, PreparingConnection(*words, **options))


def _read_times_fast(connection: Any, _record: object) -> None:
    """The driver parses times with strptime, a quarter of the CPU of a list of 100 tracks."""
    connection.register_in_adapter(TIMESTAMPTZ_OID, datetime.fromisoformat)


def _encrypting() -> SSLContext:
    # RDS signs with its own authority, which is in no public store: encrypt, as sslmode=require
    # does; who may reach the port is the security group's business.
    context = create_default_context()
    context.check_hostname = False
    context.verify_mode = CERT_NONE
    return context


def _execute(
    cursor: DBAPICursor, statement: str, parameters: Any, context: ExecutionContext
) -> bool:
    """Runs a statement in the driver's stead, to part with a connection that it left half read."""
    with parting(context.root_connection):
        cursor.execute(statement, parameters)
    return True


@contextmanager
def parting(connection: Connection) -> Iterator[None]:
    """The driver converts parameters after it has asked the server to describe the statement. When
    one cannot be converted, that reply stays unread and would answer the next statement: such a
    connection is thrown away. Raises Unprocessable."""
    try:
        yield
    except (ValueError, ArithmeticError, TypeError, struct.error) as error:
        connection.invalidate(error)
        raise Unprocessable("A value cannot be stored as it is.") from error
    except BaseException as error:
        if not isinstance(error, connection.dialect.loaded_dbapi.Error):
            connection.invalidate()
        raise


@cache
def engine() -> Engine:
    engine = create_database_engine(config.database_url, pool_size=1, max_overflow=0)
    event.listen(engine, "checkout", _ping_after_idleness)
    event.listen(engine, "checkin", _note_use)
    return engine


def _note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


def _ping_after_idleness(
    connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object
) -> None:
    """A process that was frozen may hold a dead connection; a busy one need not ask each time."""
    if time.monotonic() - record.info.get("used_at", 0) < IDLE_SECONDS:
        return
    try:
        engine().dialect.do_ping(connection)
    except (engine().dialect.loaded_dbapi.Error, OSError, struct.error) as error:
        raise DisconnectionError from error


@cache
def session_factory() -> sessionmaker[Session]:
    return sessionmaker(engine(), expire_on_commit=False)


@contextmanager
def transaction() -> Iterator[Session]:
    """One request or one queue record: commits at the end, rolls back on any error.

    The exception: a DomainError that keeps its changes. Raises NotStorable where the database
    cannot hold a value.
    """
    with session_factory()() as session:
        try:
            yield session
            session.commit()
        except DomainError as error:
            if error.keeps_changes:
                session.commit()
            raise
        except DBAPIError as error:
            if problem := problem_of(error):
                raise problem from error
            raise
        _act(session)


def _act(session: Session) -> None:
    for action in session.info.pop(AFTER_COMMIT, ()):
        action()


@contextmanager
def reading() -> Iterator[Session]:
    """A request that only reads: no BEGIN and COMMIT, each a round trip, around its statements.

    Connects with the first statement, so that what asks nothing works without a database.
    """
    with session_factory()() as session, _by_itself(session):
        yield session
    _act(session)


@contextmanager
def at_once() -> Iterator[Session]:
    """For one statement that is a transaction by itself: one round trip, where `transaction` makes
    three."""
    with session_factory()() as session, _by_itself(session):
        yield session
        session.commit()


@contextmanager
def _by_itself(session: Session) -> Iterator[None]:
    taken: list[Any] = session.info.setdefault(TAKEN, [])
    try:
        yield
    finally:
        for connection in taken:
            connection.autocommit = False


@event.listens_for(Session, "after_begin")
def _commit_by_itself(session: Session, _transaction: object, connection: Connection) -> None:
    taken = session.info.get(TAKEN)
    if taken is not None:
        taken.append(connection.connection.dbapi_connection)
        taken[-1].autocommit = True


def after_commit(session: Session, action: Callable[[], None]) -> None:
    """Runs `action` once what this transaction wrote can be seen, or this reading has given its
    connection back; not if it fails."""
    session.info.setdefault(AFTER_COMMIT, []).append(action)
