"""VTIMEZONE: a zone's clock changes, told one by one, so that a reader needs no rules for them."""

from collections.abc import Iterator

from djamms.scheduler.calendar_lines import at, offset
from djamms.scheduler.plan.instants import Instant
from djamms.scheduler.plan.zones import clock_changes, offset_at

EPOCH = "19700101T000000"


def zone_lines(zone: str, from_: Instant, until: Instant) -> Iterator[str]:
    """True of that time; behind it the last offset holds."""
    changes: dict[tuple[int, int], list[str]] = {}
    first = offset_at(zone, from_)
    for instant in clock_changes([zone], from_, until):
        before, after = offset_at(zone, instant - 1), offset_at(zone, instant)
        changes.setdefault((before, after), []).append(at(instant, before))
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone}"
    yield from _observance("STANDARD", first, first, [EPOCH])
    for (before, after), onsets in changes.items():
        kind = "DAYLIGHT" if after > before else "STANDARD"
        yield from _observance(kind, before, after, onsets)
    yield "END:VTIMEZONE"


def _observance(kind: str, before: int, after: int, onsets: list[str]) -> Iterator[str]:
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{onsets[0]}"
    yield f"TZOFFSETFROM:{offset(before)}"
    yield f"TZOFFSETTO:{offset(after)}"
    if onsets[1:]:
        yield f"RDATE:{','.join(onsets[1:])}"
    yield f"END:{kind}"
