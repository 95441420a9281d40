"""What PostgreSQL says of an error: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

from sqlalchemy.exc import DBAPIError

# Classes: a value cannot be what it should; it is more than a row or an index can hold.
DATA_EXCEPTION, LIMIT_EXCEEDED = "22", "54"


def sqlstate(error: DBAPIError) -> str:
    """Five letters; empty where the server did not get to say anything."""
    reported = error.orig.args[0] if error.orig and error.orig.args else None
    return str(reported.get("C", "")) if isinstance(reported, dict) else ""


def is_of_value(error: DBAPIError) -> bool:
    """Whether the same values would fail again."""
    return sqlstate(error).startswith((DATA_EXCEPTION, LIMIT_EXCEEDED))
