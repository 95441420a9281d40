"""What PostgreSQL says of an error: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

from sqlalchemy.exc import DBAPIError

from djamms.errors import Unprocessable

UNIQUE_VIOLATION = "23505"
LOCK_NOT_AVAILABLE = "55P03"
CHARACTER_NOT_IN_REPERTOIRE = "22021"
# Classes: a value cannot be what it should; it is more than a row or an index can hold.
DATA_EXCEPTION, LIMIT_EXCEEDED = "22", "54"


class NotStorable(Unprocessable):
    """The same values would fail again."""


def sqlstate(error: DBAPIError) -> str:
    """Five letters; empty where the server did not get to say anything."""
    reported = error.orig.args[0] if error.orig and error.orig.args else None
    return str(reported.get("C", "")) if isinstance(reported, dict) else ""


def problem_of(error: DBAPIError) -> NotStorable | None:
    """Where the values are at fault, and not the server."""
    code = sqlstate(error)
    if code == CHARACTER_NOT_IN_REPERTOIRE:
        return NotStorable("A text holds the character NUL.")
    if code.startswith((DATA_EXCEPTION, LIMIT_EXCEEDED)):
        return NotStorable("A value is longer, larger or smaller than can be stored.")
    return None
