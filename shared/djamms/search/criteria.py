"""The words of the search form, read into ranges. `any`, `all` and the empty string are absent."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from djamms.errors import Unprocessable

ABSENT = frozenset({"", "any", "all"})
DURATIONS_SECONDS = {"short": (None, 179), "medium": (180, 300), "long": (301, None)}
POPULARITIES = {"high": (81, None), "medium": (40, 80), "low": (None, 39)}


class Bounds(NamedTuple):
    """Inclusive; None = open."""

    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class SearchCriteria:
    """What was asked. `phrase` is as typed, its last word perhaps unfinished; engines know words
    in their own ways. It is empty when there is neither letter nor digit in it."""

    phrase: str = ""
    genre: str | None = None
    artist: str | None = None
    year: Bounds | None = None
    duration_seconds: Bounds | None = None
    bitrate_kbps: Bounds | None = None
    popularity: Bounds | None = None

    @property
    def is_unbounded(self) -> bool:
        return self == SearchCriteria()


def read_criteria(q: str, filters: dict[str, str | None]) -> SearchCriteria:
    """Raises Unprocessable, naming the filter whose word is unknown."""
    given = {
        name: stripped
        for name, value in filters.items()
        if (stripped := _clean(value or "")).lower() not in ABSENT
    }
    return SearchCriteria(
        phrase=_clean(q) if re.search(r"[^\W_]", q) else "",
        genre=given.get("genre"),
        artist=given.get("artist"),
        year=_year(given.get("year")),
        duration_seconds=_word(DURATIONS_SECONDS, "duration", given.get("duration")),
        bitrate_kbps=_at_least(given.get("bitrate")),
        popularity=_word(POPULARITIES, "popularity", given.get("popularity")),
    )


def _clean(text: str) -> str:
    """PostgreSQL knows no zero byte."""
    return text.replace("\0", " ").strip()


def _year(text: str | None) -> Bounds | None:
    if text is None:
        return None
    if decade := re.fullmatch(r"(\d{3})0s", text):
        start = int(decade[1]) * 10
        return Bounds(start, start + 9)
    if before := re.fullmatch(r"pre-(\d{4})", text):
        return Bounds(None, int(before[1]) - 1)
    if re.fullmatch(r"\d{4}", text):
        return Bounds(int(text), int(text))
    raise _unknown("year", text, "a year such as 1999, a decade such as 1990s, or pre-1990")


def _at_least(text: str | None) -> Bounds | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,5}", text):
        raise _unknown("bitrate", text, "a number of kbit/s such as 320")
    return Bounds(int(text), None)


def _word(
    words: dict[str, tuple[int | None, int | None]], name: str, text: str | None
) -> Bounds | None:
    if text is None:
        return None
    if text.lower() not in words:
        raise _unknown(name, text, ", ".join(words))
    return Bounds(*words[text.lower()])


def _unknown(name: str, text: str, expected: str) -> Unprocessable:
    reason = f"{text[:50]!r} is not one of: {expected}"
    return Unprocessable(f"{name}: {reason}", details=[{"field": name, "reason": reason}])
