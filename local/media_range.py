"""Range and conditional requests for one representation (RFC 9110, sections 13 and 14)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_RANGE = re.compile(r"([0-9]{0,18})-([0-9]{0,18})")
_MAX_RANGES = 64  # more than that is an attack, not a player


@dataclass(frozen=True, slots=True)
class Selection:
    """`status` 200, 206, 304, 412 or 416; the bytes first..last (inclusive) to send, if any."""

    status: int
    first: int = 0
    last: int = -1

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def select(
    headers: Mapping[str, str], *, method: str, size: int, etag: str, modified: datetime | None
) -> Selection:
    """What to answer; header names are lower-case."""
    if status := _precondition(headers, etag, modified):
        return Selection(status)
    whole = Selection(200, 0, size - 1)
    wanted = headers.get("range")
    # Range is only defined for GET.
    if wanted is None or method != "GET" or not _range_applies(headers, etag, modified):
        return whole
    ranges = parse_ranges(wanted, size)
    if ranges is None:
        return whole
    if not ranges:
        return Selection(416)
    # Several ranges: S3 answers the whole object, which RFC 9110 (14.2) allows.
    return Selection(206, *ranges[0]) if len(ranges) == 1 else whole


def parse_ranges(value: str, size: int) -> list[tuple[int, int]] | None:
    """Satisfiable (first, last) pairs; None when the header is to be ignored as malformed."""
    unit, _, text = value.partition("=")
    parts = text.split(",")
    if unit.strip().lower() != "bytes" or len(parts) > _MAX_RANGES:
        return None
    ranges = []
    for part in parts:
        found = _RANGE.fullmatch(part.strip())
        if found is None or found[0] == "-":
            return None
        first, last = found.groups()
        if first and last and int(last) < int(first):
            return None
        if pair := _satisfied(first, last, size):
            ranges.append(pair)
    return ranges


def _satisfied(first: str, last: str, size: int) -> tuple[int, int] | None:
    if not first:  # a suffix: the last N bytes
        length = min(int(last), size)
        return (size - length, size - 1) if length else None
    if int(first) >= size:
        return None
    return int(first), min(int(last), size - 1) if last else size - 1


def _precondition(headers: Mapping[str, str], etag: str, modified: datetime | None) -> int | None:
    """304 or 412 when the request's conditions end it (RFC 9110, 13.2.2)."""
    if (value := headers.get("if-match")) is not None:
        if not _listed(value, etag, strong=True):
            return 412
    elif (since := _date(headers.get("if-unmodified-since"))) and modified and modified > since:
        return 412
    if (value := headers.get("if-none-match")) is not None:
        return 304 if _listed(value, etag, strong=False) else None
    since = _date(headers.get("if-modified-since"))
    return 304 if since and modified and modified <= since else None


def _range_applies(headers: Mapping[str, str], etag: str, modified: datetime | None) -> bool:
    """If-Range: the part is only wanted of the representation that the client has."""
    value = headers.get("if-range")
    if value is None:
        return True
    if value.startswith(('"', "W/")):
        return value == etag and not value.startswith("W/")
    return modified is not None and _date(value) == modified


def _listed(value: str, etag: str, *, strong: bool) -> bool:
    if value.strip() == "*":
        return True
    tags = [tag.strip() for tag in value.split(",")]
    if strong:
        return etag in tags and not etag.startswith("W/")
    return etag.removeprefix("W/") in [tag.removeprefix("W/") for tag in tags]


def _date(value: str | None) -> datetime | None:
    """None for an absent or a malformed date, which is ignored."""
    if value is None:
        return None
    try:
        return parsedate_to_datetime(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
