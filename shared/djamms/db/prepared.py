"""Statements that the server plans once per connection and the driver reads once.

For the few that are large and frequent: the driver reads a statement's text letter by letter at
each execution (1 ms for a long one), the server plans it anew (1 ms). A Lambda's one connection
lives as long as it does, so what is prepared stays prepared.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from djamms.db.session import parting

KEY = "djamms_prepared"


def fetch_value(database: Session, statement: str, values: Mapping[str, Any]) -> Any:
    """The first column of the first row; `:name` stands for a value. Give few different texts.

    Raises DBAPIError as the session's own statements do.
    """
    database.flush()
    connection = database.connection()
    prepared = connection.info.setdefault(KEY, {})
    try:
        if statement not in prepared:
            driver: Any = connection.connection.dbapi_connection
            prepared[statement] = driver.prepare(statement)
        with parting(connection):
            rows = prepared[statement].run(**values)
    except connection.dialect.loaded_dbapi.Error as error:
        kind = connection.dialect.loaded_dbapi.Error
        raise DBAPIError.instance(
            statement, dict(values), error, kind, hide_parameters=True
        ) from error
    return rows[0][0] if rows else None
