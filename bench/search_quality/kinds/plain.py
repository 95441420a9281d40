"""Titles and artists as they are, and what fingers make of them."""

import re
from collections.abc import Callable
from functools import partial

from bench.search_quality.edits import halves, inner_part, misspell, unfinished, without_accents
from bench.search_quality.kinds.typist import Chance, Kind, Typed, kind
from bench.search_quality.wanted import ARTIST, ARTIST_GUEST, BOTH, TITLE, TITLE_GUEST, Wanted


def _title(track: Wanted, _: Chance) -> Typed:
    return track.title, TITLE


def _artist(track: Wanted, _: Chance) -> Typed:
    return track.artist, ARTIST


def _both(track: Wanted, chance: Chance) -> Typed:
    parts = [track.title, track.artist]
    chance.shuffle(parts)
    return " ".join(parts), BOTH


def _swapped(track: Wanted, chance: Chance) -> Typed:
    words = track.title_words + track.artist_words
    chance.shuffle(words)
    return " ".join(words), BOTH


def _plain_letters(track: Wanted, chance: Chance) -> Typed | None:
    text, aim = _both(track, chance)
    plain = without_accents(text)
    return None if plain == text else (plain, aim)


def _typos(track: Wanted, chance: Chance, *, words: int, edits: int) -> Typed | None:
    """In `words` words, `edits` in each; half of the people say the artist too."""
    text, aim = _both(track, chance) if chance.random() < 0.5 else _title(track, chance)
    typed = text.split()
    shortest = 7 if edits > 1 else 4
    places = [place for place, word in enumerate(typed) if len(word) >= shortest]
    if len(places) < words:
        return None
    for place in chance.sample(places, words):
        typed[place] = misspell(typed[place], chance, edits)
    return " ".join(typed), aim


def _last_unfinished(track: Wanted, chance: Chance) -> Typed | None:
    text, aim = _both(track, chance)
    *first, last = text.split()
    return (" ".join([*first, unfinished(last, chance)]), aim) if len(last) > 3 else None


def _part(track: Wanted, chance: Chance) -> Typed | None:
    return _with_long_word(track, chance, inner_part)


def _split(track: Wanted, chance: Chance) -> Typed | None:
    return _with_long_word(track, chance, halves)


def _with_long_word(
    track: Wanted, chance: Chance, change: Callable[[str, Chance], str]
) -> Typed | None:
    if not track.long_words:
        return None
    word = chance.choice(track.long_words)
    typed = [change(w, chance) if w == word else w for w in track.title_words + track.artist_words]
    return " ".join(typed), BOTH


def _joined(track: Wanted, chance: Chance) -> Typed | None:
    """The artist in one word; half of the time the title beside it."""
    if len(track.artist_words) < 2:
        return None
    joined = "".join(re.findall(r"\w+", track.artist))
    return (joined, ARTIST) if chance.random() < 0.5 else (f"{joined} {track.title}", BOTH)


def _featuring(track: Wanted, chance: Chance) -> Typed | None:
    if not track.guest:
        return None
    sign = chance.choice(["feat", "ft.", "featuring", "feat.", "with"])
    main = chance.choice([track.artist, track.title, f"{track.artist} {track.title}"])
    aim = ARTIST_GUEST if main == track.artist else TITLE_GUEST if main == track.title else BOTH
    return f"{main} {sign} {track.guest}", aim


KINDS: dict[str, Kind] = {
    "title": kind(_title),
    "artist": kind(_artist),
    "title and artist": kind(_both),
    "swapped words": kind(_swapped),
    "no accents": kind(_plain_letters),
    "one typo": kind(partial(_typos, words=1, edits=1)),
    "two edits in a word": kind(partial(_typos, words=1, edits=2)),
    "typos in two words": kind(partial(_typos, words=2, edits=1)),
    "unfinished word": kind(_last_unfinished),
    "part of a word": kind(_part),
    "word split": kind(_split),
    "artist joined": kind(_joined),
    "featuring": kind(_featuring),
}
