"""The words of an entry, each in the forms that clients write it in."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from djamms.scheduler.plan.zones import known_zones

MAX_DATES = 366
MOST_PRIORITY = 100
# `\d` would take the digits of every script.
CLOCK = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?::00(?:\.0+)?)?")
PATTERN = r"^[0-9]{1,2}:[0-5][0-9](:00)?$"
MIDNIGHT = {"24:00", "24:00:00"}


def _as_text(said: Any) -> Any:
    """Some count their entries."""
    return str(said) if isinstance(said, int) and not isinstance(said, bool) else said


def _lower(said: Any) -> Any:
    return (said.strip().lower() or None) if isinstance(said, str) else said


def _days(said: Any) -> Any:
    """`monday,tuesday`, as an address has it, or a list."""
    if isinstance(said, str):
        said = [said]
    if not isinstance(said, list):
        return said
    parts = (one.split(",") if isinstance(one, str) else [one] for one in said)
    return [day for some in parts for one in some if (day := _lower(one)) is not None]


def _list(said: Any) -> Any:
    """`2026-12-24,2026-12-31`, or a list."""
    if isinstance(said, str):
        said = [said]
    if not isinstance(said, list):
        return said
    parts = (one.split(",") if isinstance(one, str) else [one] for one in said)
    return [one for some in parts for one in some if one != ""]


def _blank_is_absent(said: Any) -> Any:
    return None if said == "" else said


def _start(said: str) -> str:
    found = CLOCK.fullmatch(said)
    if not found or int(found[1]) > 23:
        raise ValueError("write a time of day as HH:MM, from 00:00 to 23:59")
    return f"{int(found[1]):02}:{found[2]}"


def _end(said: str) -> str:
    return _start("00:00" if said in MIDNIGHT else said)


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in known_zones()}


def _zone(said: str) -> str:
    if (name := _zones().get(said.lower())) is None:
        raise ValueError("is no time zone of the IANA database, as Europe/Lisbon is")
    return name


def _in_order(dates: Iterable[date]) -> list[date]:
    return sorted(set(dates))


Id = Annotated[str, BeforeValidator(_as_text), Field(min_length=1, max_length=100)]
Title = Annotated[str, Field(min_length=1, max_length=255)]
DayName = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Day = Annotated[DayName | None, BeforeValidator(_lower)]
Days = Annotated[list[DayName], Field(max_length=50)]
ManyDays = Annotated[Days | None, BeforeValidator(_days)]
Clock = Field(json_schema_extra={"pattern": PATTERN})
Start = Annotated[str, AfterValidator(_start), Clock]
End = Annotated[str, AfterValidator(_end), Clock]
Zone = Annotated[Annotated[str, AfterValidator(_zone)] | None, BeforeValidator(_blank_is_absent)]
PlanDate = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
OneDate = Annotated[PlanDate | None, BeforeValidator(_blank_is_absent)]
Dates = Annotated[list[PlanDate], Field(max_length=MAX_DATES), AfterValidator(_in_order)]
ManyDates = Annotated[Dates | None, BeforeValidator(_list)]
Priority = Annotated[int, Field(ge=-MOST_PRIORITY, le=MOST_PRIORITY)]
