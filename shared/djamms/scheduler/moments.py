"""Instants as clients write them."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2101, 1, 1, tzinfo=UTC)
# The "+" of an offset is a space to who did not escape it in a query.
SPACE_FOR_PLUS = re.compile(r"(?<=[Tt ]\d\d:\d\d)(.*) (\d\d(:?\d\d)?)$")
FORM = "write an instant as 2026-05-08T21:00:00Z or with an offset, as 2026-05-08T22:00:00+01:00"


def read_moment(said: object) -> object:
    """In UTC and whole seconds. Raises ValueError for what is no instant, is one of no offset, or
    is outside the years 1970 to 2100."""
    if not isinstance(said, str):
        return said
    try:
        moment = datetime.fromisoformat(SPACE_FOR_PLUS.sub(r"\1+\2", said.strip().upper()))
    except ValueError as error:
        raise ValueError(FORM) from error
    if moment.tzinfo is None:
        raise ValueError(f"the offset from UTC is missing; {FORM}")
    if not EARLIEST <= moment < LATEST:
        raise ValueError("only the years 1970 to 2100 have a plan")
    return moment.astimezone(UTC).replace(microsecond=0)


Moment = Annotated[datetime, BeforeValidator(read_moment)]
