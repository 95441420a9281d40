"""The words that describe a track, in one shape whatever the file's own tag format."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from djamms.media.filename import guess_from_filename
from djamms.media.genres import normalise_genre
from djamms.media.musical_key import normalise_key
from djamms.media.text import clean, cut, storable
from djamms.tags import own_words

MAX_TEXT = 255
MAX_GENRE = 100
MAX_VALUES = 32
MAX_RAW_VALUE, MAX_RAW_TOTAL, MAX_RAW_KEY = 32_768, 131_072, 100
MAX_SMALLINT = 32_767
UNKNOWN_ARTIST = "Unknown Artist"
FIRST_YEAR, LAST_YEAR = 1000, 2999
YEAR = re.compile(r"(?<!\d)(\d{4})(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))?(?!\d)")
BPM = re.compile(r"(\d{1,3}(?:[.,]\d{1,9})?)(?:\s*bpm)?", re.IGNORECASE)
ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")

RawTags = dict[str, list[str]]


class Field(StrEnum):
    TITLE = "title"
    ARTIST = "artist"
    ALBUM = "album"
    ALBUM_ARTIST = "album_artist"
    GENRE = "genre"
    DATE = "date"
    TRACK = "track"
    TRACK_TOTAL = "track_total"
    DISC = "disc"
    DISC_TOTAL = "disc_total"
    ISRC = "isrc"
    COMPOSER = "composer"
    LABEL = "label"
    ADVISORY = "advisory"
    BPM = "bpm"
    KEY = "key"
    MOOD = "mood"


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes = field(repr=False)
    # 3 is the front cover, in ID3 and FLAC alike.
    kind: int


@dataclass(slots=True)
class Found:
    """What a tag reader found: values by field, everything by its own name, and pictures."""

    fields: dict[Field, list[str]] = field(default_factory=dict)
    raw: RawTags = field(default_factory=dict)
    pictures: list[Picture] = field(default_factory=list)
    warnings: tuple[str, ...] = ()

    def put(self, name: str, values: list[str], field: Field | None = None) -> None:
        """Values under the name that the file gives them, and under ours if there is one."""
        self.raw.setdefault(name, []).extend(values)
        if field:
            self.fields.setdefault(field, []).extend(values)

    def fill(self, other: "Found") -> None:
        """What another tag of the same file knows better or alone; nothing is overruled."""
        self.fields = other.fields | self.fields
        self.raw = other.raw | self.raw
        self.pictures += other.pictures
        for warning in other.warnings:
            self.warn(warning)

    def warn(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings += (warning,)


@dataclass(frozen=True, slots=True)
class TrackTags:
    """Text is one clean line and fits its column; `raw` keeps every value as it was."""

    title: str
    artist: str
    artists: tuple[str, ...] = ()
    album: str | None = None
    album_artist: str | None = None
    genre: str | None = None
    genres: tuple[str, ...] = ()
    year: int | None = None
    track_number: int | None = None
    track_total: int | None = None
    disc_number: int | None = None
    disc_total: int | None = None
    isrc: str | None = None
    composer: str | None = None
    label: str | None = None
    explicit: bool | None = None
    bpm: float | None = None
    key: str | None = None
    moods: tuple[str, ...] = ()
    raw: RawTags = field(default_factory=dict)


def build_tags(found: Found, filename: str) -> TrackTags:
    values = {name: distinct(found.fields.get(name, ())) for name in Field}
    title, artist = names(values, filename)
    genres = genres_of(values[Field.GENRE])
    track, track_total = number_of(values[Field.TRACK], values[Field.TRACK_TOTAL])
    disc, disc_total = number_of(values[Field.DISC], values[Field.DISC_TOTAL])
    return TrackTags(
        title=title,
        artist=artist,
        artists=tuple(cut(value, MAX_TEXT) for value in values[Field.ARTIST]),
        album=joined(values[Field.ALBUM][:1]),
        album_artist=joined(values[Field.ALBUM_ARTIST]),
        genre=genres[0] if genres else None,
        genres=genres,
        year=year_of(values[Field.DATE]),
        track_number=track,
        track_total=track_total,
        disc_number=disc,
        disc_total=disc_total,
        isrc=isrc_of(values[Field.ISRC]),
        composer=joined(values[Field.COMPOSER]),
        label=joined(values[Field.LABEL]),
        explicit=explicit_of(values[Field.ADVISORY]),
        bpm=bpm_of(values[Field.BPM]),
        key=key_of(values[Field.KEY]),
        moods=moods_of(values[Field.MOOD]),
        raw=bounded(found.raw),
    )


def names(values: dict[Field, tuple[str, ...]], filename: str) -> tuple[str, str]:
    """(title, artist); the file's name speaks where the tags are silent."""
    title, artist = joined(values[Field.TITLE]), joined(values[Field.ARTIST])
    artist = artist or joined(values[Field.ALBUM_ARTIST])
    if title and artist:
        return title, artist
    guess = guess_from_filename(filename, artist)
    return (
        title or cut(guess.title, MAX_TEXT),
        artist or (not title and cut(guess.artist, MAX_TEXT)) or UNKNOWN_ARTIST,
    )


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Clean, not empty, each once, in order."""
    cleaned = (clean(value) for value in values)
    return tuple(dict.fromkeys(value for value in cleaned if value))[:MAX_VALUES]


def joined(values: tuple[str, ...]) -> str | None:
    return cut(", ".join(values), MAX_TEXT) if values else None


def genres_of(values: tuple[str, ...]) -> tuple[str, ...]:
    """'rock; pop' is two: no genre has a semicolon in its name."""
    parts = (part for value in values for part in value.split(";"))
    return tuple(cut(genre, MAX_GENRE) for genre in distinct(map(normalise_genre, parts)))


def moods_of(values: tuple[str, ...]) -> tuple[str, ...]:
    """'happy; calm' and 'happy, calm' are two."""
    parts = (part for value in values for part in re.split("[;,]", value))
    return tuple(own_words(parts))


def year_of(values: tuple[str, ...]) -> int | None:
    """The first year in any of the dates: '2019-05-01', '20190501', '(P) 2019', '01.05.2019'."""
    for value in values:
        for match in YEAR.finditer(value):
            if FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
                return int(match[1])
    return None


def number_of(numbers: tuple[str, ...], totals: tuple[str, ...]) -> tuple[int | None, int | None]:
    """'3/12', '03', or number and total apart."""
    own, _, of = (numbers[0] if numbers else "").partition("/")
    return small(own), small(of) or small(totals[0] if totals else "")


def small(value: str) -> int | None:
    match = re.match(r"\s*0*(\d{1,5})(?!\d)", value)
    number = int(match[1]) if match else 0
    return number if 0 < number <= MAX_SMALLINT else None


def isrc_of(values: tuple[str, ...]) -> str | None:
    for value in values:
        if match := ISRC.fullmatch(re.sub(r"[^A-Z0-9]", "", value.upper().removeprefix("ISRC"))):
            return match[0]
    return None


def explicit_of(values: tuple[str, ...]) -> bool | None:
    """iTunes' advisory: 1 (formerly 4) explicit, 2 cleaned, 0 neither."""
    word = values[0].lower() if values else ""
    return {"1": True, "4": True, "explicit": True, "yes": True, "true": True}.get(
        word, False if word else None
    )


def bpm_of(values: tuple[str, ...]) -> float | None:
    """'128', '127,98', '128 BPM'; what goes on in another way is no tempo ('1e9', '10:30')."""
    match = BPM.fullmatch(values[0].strip()) if values else None
    bpm = float(match[1].replace(",", ".")) if match else 0.0
    return bpm or None


def key_of(values: tuple[str, ...]) -> str | None:
    return next((key for key in map(normalise_key, values) if key), None)


def bounded(raw: RawTags) -> RawTags:
    """JSON-safe; whole values, until the lot grows absurd."""
    room, kept = MAX_RAW_TOTAL, {}
    for name, values in raw.items():
        texts = [storable(value, min(MAX_RAW_VALUE, room)) for value in values[:MAX_VALUES]]
        room -= len(name) + sum(map(len, texts))
        if room < 0:
            break
        kept[storable(name, MAX_RAW_KEY)] = texts
    return kept
