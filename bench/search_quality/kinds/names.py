"""Names with signs or accents."""

from bench.search_quality.kinds.typist import Chance, Kind, Typed, kind, mixed
from bench.search_quality.wanted import ARTIST, BOTH, TITLE, Wanted


def _signs_as_written(track: Wanted, chance: Chance) -> Typed:
    if chance.random() < 0.5:
        return track.artist, ARTIST
    return mixed(chance, track.artist, track.typed_title), BOTH


def _signs_left_out(track: Wanted, chance: Chance) -> Typed | None:
    """Or said: "ac dc", "acdc", "pnk", "pink", "guns and roses", "gunsnroses"."""
    if not track.artist_ways:
        return None
    artist = chance.choice(track.artist_ways)
    if chance.random() < 0.6:
        return artist, ARTIST
    return mixed(chance, artist, chance.choice([track.typed_title, *track.title_ways])), BOTH


def _title_without_signs(track: Wanted, chance: Chance) -> Typed | None:
    """ "dont", "im", "rock and roll"."""
    if not track.title_ways:
        return None
    title = chance.choice(track.title_ways)
    if chance.random() < 0.6:
        return title, TITLE
    return mixed(chance, title, chance.choice([track.artist, *track.artist_ways])), BOTH


def _other_accents(track: Wanted, chance: Chance) -> Typed | None:
    """None, other ones, spelt out as in German and Danish, or as macOS writes file names."""
    titles, artists = track.title_ways or (track.title,), track.artist_ways or (track.artist,)
    title, artist = chance.choice(titles), chance.choice(artists)
    if (title, artist) == (track.title, track.artist):
        return None
    typed = [(title, TITLE), (artist, ARTIST), (mixed(chance, title, artist), BOTH)]
    right = (track.title, track.artist)
    return chance.choice([one for one in typed if one[0] not in right])


def _accents_as_written(track: Wanted, chance: Chance) -> Typed:
    return mixed(chance, track.typed_title, track.artist), BOTH


KINDS: dict[str, Kind] = {
    "signs as written": kind(_signs_as_written, "signs"),
    "signs left out": kind(_signs_left_out, "signs"),
    "title without signs": kind(_title_without_signs, "signs"),
    "accents as written": kind(_accents_as_written, "accents"),
    "other accents": kind(_other_accents, "accents"),
}
