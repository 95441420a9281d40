"""Which track a row of a playlist means: judged without the database, candidate by candidate.

A row is accepted without asking only where name, people, version and length all say so. What
differs in a version word never is: it is doubtful, and a person decides.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from djamms.exchange.artists import Credit, compare, read_artist, shared_words
from djamms.exchange.titles import Title, album_words, read_title
from djamms.exchange.words import is_latin, is_slip, likeness
from djamms.models.exchange import RowState

ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
DASH = re.compile(r"\s+[-\u2013\u2014]\s+")
TRACK_NUMBER = re.compile(r"^(?:\d{1,3}\s+-\s+|\d{1,3}[.)]\s+|0\d[\s.-]+)(?=\S)")
# How far lengths may be apart where everything else agrees, where something is a little off, and
# from where on they speak against it.
CLOSE_SECONDS, NEAR_SECONDS, FAR_SECONDS = 5, 2, 10
MOST_CANDIDATES = 5
MIN_LIKENESS = 0.6


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    artist: str
    album: str = ""
    seconds: int | None = None
    isrc: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    id: UUID
    title: str
    artist: str
    album: str | None
    seconds: int
    isrc: str | None


@dataclass(frozen=True, slots=True)
class Match:
    """`doubts` say why it is not accepted without asking."""

    candidate: Candidate
    score: float
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    state: RowState
    matches: tuple[Match, ...]


NOTHING = Verdict(RowState.MISSING, ())


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a row: which of its texts is the title, and which the artist."""

    title: str
    artist: str
    is_swapped: bool = False


@lru_cache(maxsize=8192)
def plain_isrc(text: str | None) -> str:
    """'us-abc-15-01801' → 'USABC1501801'; empty for what is none."""
    code = re.sub(r"[^A-Za-z0-9]", "", text or "").upper()
    return code if ISRC.fullmatch(code) else ""


def readings(row: Row) -> Iterator[Reading]:
    """As it is written, the other way round, or both in one text with a dash between them."""
    yield Reading(row.title, row.artist)
    if row.artist:
        yield Reading(row.artist, row.title, is_swapped=True)
        return
    text = TRACK_NUMBER.sub("", row.title)
    if text != row.title:
        yield Reading(text, "")
    for dash in DASH.finditer(text):
        first, rest = text[: dash.start()], text[dash.end() :]
        yield Reading(rest, first)
        yield Reading(first, rest, is_swapped=True)


def judge(row: Row, candidates: Sequence[Candidate]) -> Verdict:
    matches = sorted(
        (match for one in candidates if (match := best_match(row, one))),
        key=lambda match: (bool(match.doubts), -match.score, str(match.candidate.id)),
    )
    if not matches:
        return NOTHING
    sure = [match for match in matches if not match.doubts]
    certain = row.seconds is not None or _are_one_recording(sure)
    if sure and certain and not _is_contradicted(matches):
        return Verdict(RowState.MATCHED, tuple(matches[:MOST_CANDIDATES]))
    return Verdict(RowState.DOUBTFUL, tuple(matches[:MOST_CANDIDATES]))


def best_match(row: Row, candidate: Candidate) -> Match | None:
    found: list[Match] = []
    for reading in readings(row):
        if match := _match(row, reading, candidate):
            if not match.doubts:
                return match
            found.append(match)
    return max(found, key=lambda match: match.score, default=None)


def is_itself(row: Row, candidate: Candidate) -> bool:
    """Whether nothing in a row that names this very track by its id speaks against it. Names that
    no words can be made of are their own."""
    match = best_match(row, candidate)
    if match and not match.doubts:
        return True
    said = (row.title, row.artist, row.album or candidate.album or "")
    same = said == (candidate.title, candidate.artist, candidate.album or "")
    return same and (row.seconds is None or _is_within(row, candidate, CLOSE_SECONDS))


def _match(row: Row, reading: Reading, candidate: Candidate) -> Match | None:
    mine, theirs = read_title(reading.title), read_title(candidate.title)
    by, their_artist = read_artist(reading.artist), read_artist(candidate.artist)
    credit = compare(by, mine.featured, their_artist, theirs.featured)
    name, likely = _compare_names(mine, theirs)
    same_isrc = plain_isrc(row.isrc) == (plain_isrc(candidate.isrc) or None)
    if same_isrc and not reading.is_swapped:
        return _by_isrc(row, mine, theirs, candidate, likely, credit)
    if not _is_worth_showing(likely, credit, row, candidate, shared_words(by, their_artist)):
        return None
    doubts = (
        *_doubts_of_names(mine, theirs, name, credit),
        *_doubts_of_album(row, candidate, mine, theirs),
        *_doubts_of_length(row, candidate, is_exact=_is_exact(mine, theirs, name, credit, reading)),
    )
    reasons = _reasons(row, name, credit, candidate, reading)
    return Match(candidate, _score(row, candidate, likely, credit, doubts), reasons, doubts)


def _by_isrc(
    row: Row, mine: Title, theirs: Title, candidate: Candidate, likely: float, credit: Credit
) -> Match:
    """The code says which recording; tags with a code of another are common enough to look."""
    doubts: list[str] = []
    if mine.version_words ^ theirs.version_words or _other_version(mine, theirs):
        doubts.append("version")
    doubts += _doubts_of_album(row, candidate, mine, theirs)
    other_script = is_latin(row.title) != is_latin(candidate.title)
    if likely < 0.5 and not other_script:
        doubts.append("title")
    if (other_script or credit is Credit.OTHER) and not _is_within(row, candidate, NEAR_SECONDS):
        doubts.append("artist")
    return Match(candidate, 0.6 if doubts else 1.0, ("isrc",), tuple(doubts))


def _compare_names(mine: Title, theirs: Title) -> tuple[str, float]:
    """What the names have in common, for people and as a number."""
    if mine.name and "".join(mine.name) == "".join(theirs.name):
        return "title", 1.0
    one, other = list(mine.name), list(theirs.name)
    if one and other and is_slip(one, other):
        return "title_mistyped", 0.9
    return "", min(likeness(one, other), 0.85)


def _is_exact(mine: Title, theirs: Title, name: str, credit: Credit, reading: Reading) -> bool:
    return (
        name == "title"
        and credit is Credit.SAME
        and mine.version == theirs.version
        and not reading.is_swapped
    )


def _is_worth_showing(
    likely: float, credit: Credit, row: Row, candidate: Candidate, shared: float
) -> bool:
    if credit is not Credit.OTHER:
        return likely >= MIN_LIKENESS
    return likely >= 0.9 and (shared > 0 or _is_within(row, candidate, NEAR_SECONDS))


def _doubts_of_names(mine: Title, theirs: Title, name: str, credit: Credit) -> Iterator[str]:
    if _other_version(mine, theirs):
        yield "version"
    if not name:
        yield "title"
    if credit is Credit.OTHER:
        yield "artist"
    elif mine.featured - theirs.featured and credit is not Credit.SAME:
        yield "guests"


def _other_version(mine: Title, theirs: Title) -> bool:
    """'Live' may stand for 'Live in Tucson'; a remix or a remaster without a name for none."""
    if mine.version == theirs.version:
        return bool(mine.version_words ^ theirs.version_words)
    both_live = "live" in mine.version and "live" in theirs.version
    return not (both_live and (mine.version <= theirs.version or theirs.version <= mine.version))


def _doubts_of_album(row: Row, candidate: Candidate, mine: Title, theirs: Title) -> Iterator[str]:
    """Titles on a live or karaoke album often do not say so."""
    asked, there = album_words(row.album), album_words(candidate.album)
    if asked - theirs.version - there or there - mine.version - asked:
        yield "album_version"


def _doubts_of_length(row: Row, candidate: Candidate, *, is_exact: bool) -> Iterator[str]:
    if row.seconds is None:
        if not is_exact:
            yield "no_duration"
    elif not _is_within(row, candidate, CLOSE_SECONDS if is_exact else NEAR_SECONDS):
        yield "duration"


def _is_within(row: Row, candidate: Candidate, seconds: int) -> bool:
    return row.seconds is not None and abs(row.seconds - candidate.seconds) <= seconds


def _is_contradicted(matches: Sequence[Match]) -> bool:
    """Whether the row's code belongs to a track that its words speak against."""
    by_code = [match for match in matches if match.reasons == ("isrc",)]
    return bool(by_code) and all(match.doubts for match in by_code)


def _are_one_recording(sure: Sequence[Match]) -> bool:
    """Without a length to go by, all that fit must be of one."""
    lengths = [match.candidate.seconds for match in sure]
    return not lengths or max(lengths) - min(lengths) <= CLOSE_SECONDS


def _reasons(
    row: Row, name: str, credit: Credit, candidate: Candidate, reading: Reading
) -> tuple[str, ...]:
    credits_ = {Credit.SAME: "artist", Credit.FEWER: "some_artists", Credit.SLIP: "artist_mistyped"}
    found = [name, credits_.get(credit, "")]
    if _is_within(row, candidate, CLOSE_SECONDS):
        found.append("duration")
    if row.album and read_title(row.album).name == read_title(candidate.album or "").name:
        found.append("album")
    if reading.is_swapped:
        found.append("swapped")
    return tuple(reason for reason in found if reason)


def _score(
    row: Row, candidate: Candidate, likely: float, credit: Credit, doubts: Sequence[str]
) -> float:
    length = 0.5
    if row.seconds is not None:
        length = max(0.0, 1 - abs(row.seconds - candidate.seconds) / FAR_SECONDS)
    album = row.album and row.album.casefold() == (candidate.album or "").casefold()
    score = 0.45 * likely + 0.3 * credit.value + 0.2 * length + (0.05 if album else 0.0)
    return round(score * 0.85 ** len(doubts), 3)
