"""Names in scripts without spaces between words, or with letters of their own."""

import re
import unicodedata

from bench.search_quality.edits import unfinished
from bench.search_quality.kinds.typist import Chance, Kind, Typed, kind, mixed
from bench.search_quality.wanted import ARTIST, BOTH, TITLE, Wanted
from bench.search_quality.world.scripts import half_width, in_mid_syllable


def _piece(track: Wanted, chance: Chance) -> str | None:
    """A word of the title, or its beginning; two letters at least, not all of them."""
    title = track.title
    words = [word for word in re.split("[的のと ]", title) if len(word) > 1]
    if track.group == "chinese":  # made of words of two letters
        words = [word[place : place + 2] for word in words for place in range(0, len(word), 2)]
    pieces = [*words, *(title.split()[0][:length] for length in range(2, len(title)))]
    return chance.choice([piece for piece in pieces if piece != title] or [""]) or None


def _unspaced(track: Wanted, chance: Chance) -> Typed | None:
    """Chinese and Japanese."""
    piece = _piece(track, chance)
    typed: list[Typed] = [
        (track.title, TITLE),
        (track.artist, ARTIST),
        (mixed(chance, track.title, track.artist), BOTH),
        (f"{track.artist}{track.title}", BOTH),
    ]
    if piece:
        typed += [(piece, {"title": piece}), (f"{track.artist} {piece}", BOTH)]
    narrow = half_width(track.title)
    if narrow != track.title:
        typed.append((narrow, TITLE))
    return chance.choice(typed)


def _korean(track: Wanted, chance: Chance) -> Typed:
    spaceless = track.title.replace(" ", "")
    typed: list[Typed] = [
        (track.title, TITLE),
        (track.artist, ARTIST),
        (mixed(chance, track.title, track.artist), BOTH),
        (spaceless, TITLE),
        (f"{track.artist} {in_mid_syllable(track.title)}", BOTH),
        (unicodedata.normalize("NFD", f"{track.artist} {track.title}"), BOTH),
    ]
    return chance.choice(typed)


def _letters(track: Wanted, chance: Chance) -> Typed:
    """Russian and Greek: with ё or an accent or without, in capitals, with a slip, half typed."""
    both = mixed(chance, track.title, track.artist)
    *first, last = both.split()
    typed: list[Typed] = [
        (track.title, TITLE),
        (track.artist, ARTIST),
        (both, BOTH),
        (without_marks_of_vowels(both), BOTH),
        (without_marks_of_vowels(both).upper(), BOTH),
        (_slip(both, chance), BOTH),
        (_slip(both, chance), BOTH),
    ]
    if len(last) > 3:
        typed.append((" ".join([*first, unfinished(last, chance)]), BOTH))
    return chance.choice(typed)


def without_marks_of_vowels(text: str) -> str:
    """As hurried people type Russian and Greek; й stays, which is a letter of its own."""
    parts = unicodedata.normalize("NFD", text.replace("й", "\0"))
    bare = "".join(part for part in parts if not unicodedata.combining(part))
    return bare.replace("\0", "й")


def _slip(text: str, chance: Chance) -> str:
    """A letter missing, doubled, or in its neighbour's place, in the longest word."""
    word = max(text.split(), key=len)
    place = chance.randint(1, len(word) - 2)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    wrong = chance.choice([before + after, before + 2 * letter + after, _swap(word, place)])
    return text.replace(word, wrong, 1)


def _swap(word: str, place: int) -> str:
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


KINDS: dict[str, Kind] = {
    "Chinese": kind(_unspaced, "chinese"),
    "Japanese": kind(_unspaced, "japanese"),
    "Korean": kind(_korean, "korean"),
    "Cyrillic": kind(_letters, "russian"),
    "Greek": kind(_letters, "greek"),
}
