"""What a list of tracks may be asked for, in the frontend's words.

`any`, `all` and the empty string are absent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from pydantic.alias_generators import to_camel

from djamms.errors import Unprocessable
from djamms.genres import wanted_key
from djamms.tags import MOST_TAGS

NOBODY = UUID(int=0)
TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
# In the fields of the search form only: "ALL" is also the name of a band.
ABSENT = frozenset({"any", "all"})
CHOICES = frozenset({"genre", "artist", "year", "duration", "bitrate", "popularity"})
DURATIONS_SECONDS = {"short": (None, 179), "medium": (180, 300), "long": (301, None)}
POPULARITIES = {"high": (81, None), "medium": (40, 80), "low": (None, 39)}


class Bounds(NamedTuple):
    """Inclusive; None = open."""

    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class TrackFilter:
    """`genre` is the key of one; all of `tags` must be those of a tag or genre. Texts ending in
    `_is` match whole, the others a part, in any case, with or without accents; of `q` each word
    is in the title, artist or album."""

    q: str | None = None
    title: str | None = None
    genre: str | None = None
    artist: str | None = None
    artist_is: str | None = None
    album: str | None = None
    album_is: str | None = None
    album_artist: str | None = None
    album_artist_is: str | None = None
    composer: str | None = None
    label: str | None = None
    isrc: str | None = None
    key: str | None = None
    source: str | None = None
    explicit: bool | None = None
    is_public: bool | None = None
    uploaded_by: UUID | None = None
    year: Bounds | None = None
    duration_seconds: Bounds | None = None
    bitrate_kbps: Bounds | None = None
    popularity: Bounds | None = None
    bpm: Bounds | None = None
    tags: tuple[str, ...] = ()


TEXTS = (
    *("q", "title", "artist", "artist_is", "album", "album_is", "album_artist"),
    *("album_artist_is", "composer", "label", "isrc", "key", "source"),
)


def read_filter(given: Mapping[str, str | None], *, caller: UUID | None = None) -> TrackFilter:
    """Raises Unprocessable, naming the filter whose word is unknown. `caller` is who `me` is."""
    words = {
        name: value.strip()
        for name, value in given.items()
        if value and value.strip() and not (name in CHOICES and value.strip().lower() in ABSENT)
    }
    texts: dict[str, Any] = {name: words[name] for name in TEXTS if name in words}
    return TrackFilter(
        **texts,
        genre=wanted_key(words["genre"]) if "genre" in words else None,
        explicit=_truth("explicit", words.get("explicit")),
        is_public=_truth("isPublic", words.get("is_public")),
        uploaded_by=_person("uploadedBy", words.get("uploaded_by"), caller),
        year=_years(words),
        duration_seconds=_word(DURATIONS_SECONDS, "duration", words.get("duration")),
        bitrate_kbps=_at_least(words.get("bitrate")),
        popularity=_word(POPULARITIES, "popularity", words.get("popularity")),
        bpm=_range("bpm", words.get("bpm")),
        tags=_tags(words.get("tags", "")),
    )


def _tags(text: str) -> tuple[str, ...]:
    """A word without a key is one that no track has."""
    keys = dict.fromkeys(wanted_key(part.strip()) for part in text.split(",") if part.strip())
    if len(keys) > MOST_TAGS:
        raise _unknown("tags", text, f"up to {MOST_TAGS} words, comma separated")
    return tuple(keys)


def _years(words: Mapping[str, str]) -> Bounds | None:
    """`year`, or its ends by themselves."""
    lowest, highest = (_number(name, words.get(name)) for name in ("year_from", "year_to"))
    if lowest is None and highest is None:
        return _year(words.get("year"))
    if "year" in words:
        raise _unknown("year", words["year"], "nothing beside yearFrom and yearTo")
    return Bounds(lowest, highest)


def _year(text: str | None) -> Bounds | None:
    if text is None:
        return None
    if decade := re.fullmatch(r"(\d{3})0s", text, re.ASCII):
        start = int(decade[1]) * 10
        return Bounds(start, start + 9)
    if before := re.fullmatch(r"pre-(\d{4})", text, re.ASCII):
        return Bounds(None, int(before[1]) - 1)
    ends = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text, re.ASCII)
    if ends and ends[1] <= (ends[2] or ends[1]):
        return Bounds(int(ends[1]), int(ends[2] or ends[1]))
    expected = "a year such as 1999, a decade such as 1990s, 1990-1999, or pre-1990"
    raise _unknown("year", text, expected)


def _range(name: str, text: str | None) -> Bounds | None:
    """`120`, `120-128`, `120-`, `-128`."""
    if text is None:
        return None
    ends = re.fullmatch(r"(\d{0,5})(-?)(\d{0,5})", text, re.ASCII)
    if not ends or not (ends[1] or ends[3]):
        raise _unknown(name, text, "a number such as 120, or a range such as 120-128")
    if not ends[2]:
        return Bounds(int(text), int(text))
    return Bounds(*(int(end) if end else None for end in (ends[1], ends[3])))


def _number(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII):
        raise _unknown(to_camel(name), text, "a year such as 1999")
    return int(text)


def _at_least(text: str | None) -> Bounds | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII):
        raise _unknown("bitrate", text, "a number of kbit/s such as 320")
    return Bounds(int(text), None)


def _word(
    words: Mapping[str, tuple[int | None, int | None]], name: str, text: str | None
) -> Bounds | None:
    if text is None:
        return None
    if text.lower() not in words:
        raise _unknown(name, text, ", ".join(words))
    return Bounds(*words[text.lower()])


def _truth(name: str, text: str | None) -> bool | None:
    if text is None:
        return None
    if text.lower() not in TRUTHS:
        raise _unknown(name, text, "true, false")
    return TRUTHS[text.lower()]


def _person(name: str, text: str | None, caller: UUID | None) -> UUID | None:
    """An id, or `me`; nobody has the id that a guest gets for that."""
    if text is None:
        return None
    if text.lower() == "me":
        return caller or NOBODY
    try:
        return UUID(text)
    except ValueError as error:
        raise _unknown(name, text, "me, the id of a user") from error


def _unknown(name: str, text: str, expected: str) -> Unprocessable:
    reason = f"{text[:50]!r} is not one of: {expected}"
    return Unprocessable(f"{name}: {reason}", details=[{"field": name, "reason": reason}])
