"""The filters of the form as lexemes of the index and, where those are too coarse, conditions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from djamms.models.search import TIERS
from djamms.music.criteria import Bounds, TrackFilter
from djamms.search.plan import either, lexeme

LENGTHS = {179: "#ls", 300: "#lm", None: "#ll"}
BITRATES = (0, 128, 192, 256, 320)
FIRST_DECADE = 100
FASTEST = 999
IS_PUBLIC = "is_public"


@dataclass(slots=True)
class Filters:
    """`terms` must all hold in the index; `conditions` name columns, `values` what they bind.
    `artist_reach`: about so many tracks have an artist of that name; None when it says little."""

    terms: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    artist: str | None = None
    artist_reach: int | None = None

    @property
    def narrow(self) -> bool:
        """Whether they leave anything out but what is hidden."""
        return bool(self.terms or self.artist or self.conditions not in ([], [IS_PUBLIC]))

    def add(self, terms: Iterable[str]) -> None:
        term = either(terms)
        if term:
            self.terms.append(term)


def read_filters(criteria: TrackFilter, *, only_public: bool) -> Filters:
    filters = Filters(artist=criteria.artist)
    if only_public:
        filters.conditions.append(IS_PUBLIC)
    if criteria.genre:
        filters.add([lexeme("#g" + criteria.genre)])
    for tag in criteria.tags:
        filters.add([lexeme("#t" + tag), lexeme("#g" + tag)])
    if criteria.year:
        _years(filters, criteria.year)
    if criteria.duration_seconds:
        filters.add([lexeme(LENGTHS[criteria.duration_seconds.highest])])
    _sound(filters, criteria)
    if criteria.popularity:
        filters.conditions.append(_tiers(criteria.popularity))
    return filters


def _sound(filters: Filters, criteria: TrackFilter) -> None:
    if criteria.key:
        filters.add([lexeme("#k" + criteria.key.lower())])
    if criteria.bpm:
        _tempo(filters, criteria.bpm)
    if criteria.bitrate_kbps:
        _bitrates(filters, criteria.bitrate_kbps.lowest or 0)


def _years(filters: Filters, years: Bounds) -> None:
    if years.lowest is not None and years.lowest == years.highest:
        filters.add([lexeme(f"#y{years.lowest}")])
        return
    first = FIRST_DECADE if years.lowest is None else years.lowest // 10
    last = (years.highest or 0) // 10
    filters.add(_tens("#d", first, last))
    if years.lowest is not None and years.lowest % 10:
        filters.conditions.append("year >= :oldest_year")
        filters.values["oldest_year"] = years.lowest
    if years.lowest is None or last * 10 + 9 != years.highest:
        filters.conditions.append("year <= :newest_year")
        filters.values["newest_year"] = years.highest


def _tempo(filters: Filters, bpm: Bounds) -> None:
    lowest = min(bpm.lowest or 0, FASTEST)
    highest = FASTEST if bpm.highest is None else min(bpm.highest, FASTEST)
    filters.add(_tens("#p", lowest // 10, highest // 10))
    filters.conditions.append("bpm BETWEEN :lowest_bpm AND :highest_bpm")
    filters.values |= {"lowest_bpm": bpm.lowest or 0, "highest_bpm": highest}


def _tens(sign: str, first: int, last: int) -> Iterator[str]:
    """One by one, but whole hundreds as one beginning: a long query is slow to hold against a
    track."""
    ten = first
    while ten <= last:
        whole = ten % 10 == 0 and ten + 9 <= last
        yield f"{lexeme(f'{sign}{ten // 10}')}:*" if whole else lexeme(f"{sign}{ten:02}")
        ten += 10 if whole else 1


def _bitrates(filters: Filters, lowest: int) -> None:
    step = max(bitrate for bitrate in BITRATES if bitrate <= lowest)
    filters.add(lexeme(f"#b{bitrate}") for bitrate in BITRATES if bitrate >= step)
    if lowest != step or not lowest:
        filters.conditions.append("bitrate_kbps >= :lowest_bitrate")
        filters.values["lowest_bitrate"] = lowest


def _tiers(popularity: Bounds) -> str:
    """Tiers end where the form's words end, so they say it all, and whole partitions are left."""
    lowest, highest = popularity.lowest or 0, popularity.highest
    tiers = [
        str(tier)
        for tier, edge in enumerate(TIERS)
        if edge >= lowest and (highest is None or edge <= highest)
    ]
    return f"tier IN ({', '.join(tiers)})"
