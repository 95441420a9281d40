"""A driver connection that prepares each statement once.

pg8000 reads a statement's text letter by letter at each execution and makes three round trips of
it (parse, describe, execute: PostgreSQL's documentation, "Extended Query"); prepared, it is one,
and the server need not plan anew. A Lambda's one connection lives as long as it does.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from pg8000.converters import array_out, make_params
from pg8000.dbapi import Connection, Cursor, DatabaseError, convert_paramstyle

# Statements are few, but for filters that come in many combinations.
MOST_STATEMENTS = 200
# Rows written by the hundred are texts of many lengths, seldom the same again.
LONGEST = 20_000


# A migration changed what the statement returns; or something dropped it (PostgreSQL, appendix A).
STALE = {"0A000", "26000"}


def _code(error: DatabaseError) -> str | None:
    fields = error.args[0] if error.args else None
    return fields.get("C") if isinstance(fields, dict) else None


def array_text(values: list[Any]) -> str:
    """As PostgreSQL reads an array (its documentation, "Array Input and Output Syntax"); pg8000
    goes through strings letter by letter."""
    if not all(type(value) is str for value in values):
        return str(array_out(values))
    quoted = (value.replace("\\", r"\\").replace('"', r"\"") for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


class PreparingConnection(Connection):
    """Keeps the most recently used statements prepared."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.register_out_adapter(list, array_text)
        self._prepared: OrderedDict[tuple[str, tuple[int, ...]], tuple[Any, ...]] = OrderedDict()

    def cursor(self) -> "PreparingCursor":
        return PreparingCursor(self)

    def execute_prepared(self, operation: str, args: Sequence[Any], oids: Sequence[int]) -> Any:
        key = operation, tuple(oids)
        try:
            return self._execute(key, args)
        except DatabaseError as error:
            if _code(error) not in STALE:
                raise
            self._forget(key)
            if self._in_transaction:  # it has failed, and only its next try can succeed
                raise
            return self._execute(key, args)

    def _execute(self, key: tuple[str, tuple[int, ...]], args: Sequence[Any]) -> Any:
        if key not in self._prepared:
            self._prepare(key, args)
        self._prepared.move_to_end(key)
        name, columns, readers, text = self._prepared[key]
        return self.execute_named(name, make_params(self.py_types, args), columns, readers, text)

    def _forget(self, key: tuple[str, tuple[int, ...]]) -> None:
        name = self._prepared.pop(key)[0]
        if not self._in_transaction:
            self.close_prepared_statement(name)

    def commit(self) -> None:
        if self._in_transaction:
            self.execute_simple("commit")

    def rollback(self) -> None:
        if self._in_transaction:
            self.execute_simple("rollback")

    def _prepare(self, key: tuple[str, tuple[int, ...]], args: Sequence[Any]) -> None:
        operation, oids = key
        text, _ = convert_paramstyle("format", operation, args)
        self._prepared[key] = (*self.prepare_statement(text, oids), text)
        while len(self._prepared) > MOST_STATEMENTS:
            _, oldest = self._prepared.popitem(last=False)
            self.close_prepared_statement(oldest[0])


class PreparingCursor(Cursor):
    def execute(self, operation: str, args: Sequence[Any] = (), stream: Any = None) -> None:
        if stream is not None or not args or len(operation) > LONGEST:
            super().execute(operation, args, stream)
            return
        connection = self._c
        if not connection.autocommit and not connection._in_transaction:
            connection.execute_simple("begin transaction")
        self._context = connection.execute_prepared(operation, args, self._input_oids)
        rows = self._context.rows
        self._row_iter = None if rows is None else iter(rows)
        self._input_oids = ()
