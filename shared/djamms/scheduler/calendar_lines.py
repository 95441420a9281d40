"""Lines of an iCalendar file (RFC 5545, 3.1 and 3.3). Written here and not by a library: it is this
page, and the library costs a quarter of a second at import and 3 MB in the layer."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from djamms.invisible import has_controls
from djamms.scheduler.plan.instants import Day, Instant, moment_of

OCTETS = 75
ESCAPED = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})


def text(said: str) -> str:
    said = said.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in said if one == "\n" or not has_controls(one)).translate(ESCAPED)


def wall(day: Day, minute: int) -> str:
    """On the clocks of a zone that the property names."""
    return f"{date.fromordinal(day):%Y%m%d}T{minute // 60:02}{minute % 60:02}00"


def utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"PT{hours}H" * bool(hours) + ("PT" * (not hours) + f"{rest}M") * bool(rest)


def offset(seconds: int) -> str:
    sign, seconds = "-" if seconds < 0 else "+", abs(seconds)
    rest = f"{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02}{seconds // 60 % 60:02}{rest}"


def at(instant: Instant, offset_seconds: int) -> str:
    """What the clocks show that are so many seconds ahead."""
    return f"{moment_of(instant) + timedelta(seconds=offset_seconds):%Y%m%dT%H%M%S}"


def rendered(lines: Iterable[str]) -> str:
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _folded(line: str) -> Iterator[str]:
    """No part is longer than 75 octets, and none ends within a character."""
    part, size = "", 0
    for one in line:
        octets = len(one.encode())
        if size + octets > OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + one, size + octets
    yield part
