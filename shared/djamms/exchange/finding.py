"""From rows to verdicts: finds candidates for many rows in few statements, then judges each."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from time import monotonic
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.exchange import candidates_repository as candidates
from djamms.exchange.artists import SEPARATOR
from djamms.exchange.candidates_repository import Wanted
from djamms.exchange.matching import (
    Candidate,
    Row,
    Verdict,
    judge,
    plain_isrc,
    readings,
)
from djamms.exchange.titles import read_title
from djamms.models.exchange import RowState

# Misspelt titles are looked for among all that an artist has; of so many rows at most.
MOST_BY_ARTIST = 4000
MOST_NAMES = 6


# How long is looked for the rows of one file, looked at every so many rows. A function has 28 s for
# all that an import is.
PATIENCE_SECONDS, AT_ONCE = 8.0, 250
# Time was up before: the hourly clean-up looks for it.
LATER = Verdict(RowState.MISSING, ())


def find_matches(
    database: Database, rows: Sequence[Row], *, only_public: bool = False
) -> list[Verdict]:
    """A verdict for each row, in their order; LATER for those that were not looked at. Rows that
    say the same are judged once."""
    distinct = list(dict.fromkeys(rows))
    until, of_row, left = monotonic() + PATIENCE_SECONDS, dict[Row, Verdict](), MOST_BY_ARTIST
    for start in range(0, len(distinct), AT_ONCE):
        if start and monotonic() > until:
            break
        some = distinct[start : start + AT_ONCE]
        verdicts, asked = _find(database, some, only_public=only_public, most_by_artist=left)
        of_row.update(zip(some, verdicts, strict=True))
        left -= asked
    return [of_row.get(row, LATER) for row in rows]


def _find(
    database: Database, rows: Sequence[Row], *, only_public: bool, most_by_artist: int
) -> tuple[list[Verdict], int]:
    """Also for how many of them it looked among what their artists have."""
    found = Found(rows)
    codes = {code for row in rows if (code := plain_isrc(row.isrc))}
    found.add_by_isrc(candidates.tracks_by_isrc(database, codes, only_public=only_public))
    titles = [one for number, row in enumerate(rows) for one in wanted_titles(number, row)]
    pairs = candidates.ids_by_title(database, titles, only_public=only_public)
    found.add(database, pairs, only_public)
    verdicts = [found.judge(number) for number in range(len(rows))]
    open_ = [n for n, one in enumerate(verdicts) if one.state != RowState.MATCHED][:most_by_artist]
    by_artist = [one for n in open_ for one in wanted_artists(n, rows[n])]
    pairs = candidates.ids_by_artist(database, by_artist, only_public=only_public)
    for number in found.add(database, pairs, only_public):
        verdicts[number] = found.judge(number)
    return verdicts, len(open_)


class Found:
    """Candidates of each row by its number."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._tracks: dict[UUID, Candidate] = {}
        self._of_row: defaultdict[int, dict[UUID, None]] = defaultdict(dict)

    def add_by_isrc(self, tracks: Sequence[Candidate]) -> None:
        by_code = defaultdict(list)
        for track in tracks:
            self._tracks[track.id] = track
            by_code[plain_isrc(track.isrc)].append(track.id)
        for number, row in enumerate(self._rows):
            if code := plain_isrc(row.isrc):
                self._of_row[number].update(dict.fromkeys(by_code[code]))

    def add(
        self, database: Database, pairs: Sequence[tuple[int, UUID]], only_public: bool
    ) -> set[int]:
        """The numbers of the rows that have new candidates."""
        new = {(number, id_) for number, id_ in pairs if id_ not in self._of_row[number]}
        unknown = {id_ for _, id_ in new} - self._tracks.keys()
        for track in candidates.tracks_by_id(database, unknown, only_public=only_public):
            self._tracks[track.id] = track
        for number, id_ in new:
            self._of_row[number][id_] = None
        return {number for number, _ in new}

    def judge(self, number: int) -> Verdict:
        ids = self._of_row[number]
        return judge(self._rows[number], [self._tracks[id_] for id_ in ids if id_ in self._tracks])


def wanted_titles(number: int, row: Row) -> Iterator[Wanted]:
    for text, artist in dict.fromkeys(title_texts(row)):
        yield Wanted(number, text, [artist])


def title_texts(row: Row) -> Iterator[tuple[str, str]]:
    """As they are written, and without what may be said of the version."""
    for reading in readings(row):
        yield reading.title, reading.artist
        plain = " ".join(read_title(reading.title).name)
        if plain and plain != reading.title.casefold():
            yield plain, reading.artist


def wanted_artists(number: int, row: Row) -> Iterator[Wanted]:
    for reading in readings(row):
        if reading.title and (names := artist_names(reading.artist)):
            yield Wanted(number, reading.title, names)


def artist_names(credit: str) -> list[str]:
    """Each as a tag may have it: all in one, one by one, with and without an article."""
    names = [credit, *SEPARATOR.split(credit)[:MOST_NAMES]]
    kept = [name.strip() for name in names if name.strip()]
    bare = [name[4:] if name.lower().startswith("the ") else f"The {name}" for name in kept]
    return list(dict.fromkeys(kept + bare))
