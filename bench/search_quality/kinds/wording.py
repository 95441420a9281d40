"""Words that are left out, added, or said otherwise."""

import re

from bench.search_quality.edits import unfinished
from bench.search_quality.kinds.typist import Chance, Kind, Typed, informed, kind, mixed
from bench.search_quality.wanted import (
    ARTIST,
    ARTIST_GUEST,
    BOTH,
    LIBRARY,
    TITLE,
    TITLE_GUEST,
    Aim,
    Answers,
    Wanted,
)

TITLE_VERSION: Aim = ("title", "version")
VERSION_OF: Aim = ("title", "artist", "version")
ALBUM: Aim = ("album",)
ALBUM_OF: Aim = ("album", "artist")
TITLE_ON: Aim = ("title", "album")
EVERYBODY: Aim = ("title", "artist", "guest")
ELSEWHERE = ("title", "artist", "album")
PASTED = (
    "{title} by {artist}",
    "{artist} - {title}",
    "{artist}: {title}",
    '"{title}" {artist}',
    "{artist} – {title} (official video)",  # noqa: RUF001
    "{title} {artist} lyrics",
    "{artist} - {title}.mp3",
    "{title} song",
)
CREDITS = ("feat", "ft", "feat.", "featuring", "and", "&", "with", "x", "")


def _article(track: Wanted, chance: Chance, answers: Answers) -> Typed | None:
    """ "beatles": alone only where nothing else is called so."""
    name = track.artist.removeprefix("the ")
    if name == track.artist:
        return None
    if chance.random() < 0.5 and not answers.is_called(name, attributes=ELSEWHERE):
        return name, ARTIST
    return mixed(chance, name, track.title), BOTH


def _article_added(track: Wanted, chance: Chance, answers: Answers) -> Typed | None:
    name = f"the {track.artist}"
    if track.artist.startswith("the ") or answers.is_called(name, attributes=ELSEWHERE):
        return None
    return mixed(chance, name, track.title), BOTH


def _version(track: Wanted, chance: Chance) -> Typed | None:
    """Without its brackets; the original pleases less than the version that is named."""
    if not track.version:
        return None
    typed: list[Typed] = [
        (f"{track.title} {track.version}", TITLE_VERSION),
        (f"{track.artist} {track.title} {track.version}", VERSION_OF),
        (f"{track.title} {track.version.split()[0]} {track.artist}", VERSION_OF),
    ]
    return chance.choice(typed)


def _original(track: Wanted, chance: Chance) -> Typed | None:
    """Who names no version wants the plain one."""
    return None if track.version else (mixed(chance, track.title, track.artist), VERSION_OF)


def _album(track: Wanted, _: Chance, answers: Answers) -> Typed | None:
    name = track.album
    if not name or answers.is_called(name, attributes=["title", "artist"]):
        return None
    return name, ALBUM


def _album_of(track: Wanted, chance: Chance) -> Typed | None:
    return (mixed(chance, track.album, track.artist), ALBUM_OF) if track.album else None


def _title_on(track: Wanted, chance: Chance) -> Typed | None:
    if not track.album or track.album == track.title:
        return None
    return mixed(chance, track.title, track.album), TITLE_ON


def _guest(track: Wanted, chance: Chance) -> Typed:
    """Whichever of the tags names them, and with whatever word."""
    sign = chance.choice(CREDITS)
    typed: list[Typed] = [
        (f"{track.artist} {sign} {track.guest}", ARTIST_GUEST),
        (f"{track.guest} {track.artist}", ARTIST_GUEST),
        (f"{track.title} {sign} {track.guest}", TITLE_GUEST),
        (f"{track.artist} {sign} {track.guest} {track.title}", EVERYBODY),
        (f"{track.artist} {track.title}", BOTH),
    ]
    text, aim = chance.choice(typed)
    return " ".join(text.split()), aim


def _number(track: Wanted, chance: Chance) -> Typed:
    title = chance.choice(track.title_ways)
    return (title, TITLE) if chance.random() < 0.4 else (mixed(chance, title, track.artist), BOTH)


def _half_title(track: Wanted, chance: Chance) -> Typed | None:
    """While it is being typed: the artist, and as much of the title as there is so far."""
    words = track.title_words
    cut = chance.randint(1, len(words))
    last = words[cut - 1]
    if len(last) < 5:
        return None
    return " ".join([track.artist, *words[: cut - 1], unfinished(last, chance)]), BOTH


def _some_words(track: Wanted, chance: Chance) -> Typed | None:
    """A word of the title and one of the artist; any track pleases that has both."""
    if len(track.title_words) < 2 or len(track.artist_words) < 2:
        return None
    of_title, of_artist = chance.choice(track.title_words), chance.choice(track.artist_words)
    if min(len(of_title), len(of_artist)) < 4 or of_title == of_artist:
        return None
    return mixed(chance, of_title, of_artist), {"title": of_title, "artist": of_artist}


def _wrong_word(track: Wanted, chance: Chance) -> Typed | None:
    """One little word of a longer title is remembered wrongly."""
    words = track.title_words
    places = [place for place, word in enumerate(words) if len(word) <= 4]
    if len(words) < 3 or not places:
        return None
    place = chance.choice(places)
    wrong = chance.choice([word for word in ("you", "me", "my", "the", "of") if word not in words])
    return " ".join([*words[:place], wrong, *words[place + 1 :], track.artist]), BOTH


def _title_joined(track: Wanted, chance: Chance) -> Typed | None:
    if len(track.title_words) != 2:
        return None
    joined = "".join(re.findall(r"\w+", track.title))
    return (joined, TITLE) if chance.random() < 0.5 else (f"{track.artist} {joined}", BOTH)


def _pasted(track: Wanted, chance: Chance) -> Typed:
    form = chance.choice(PASTED)
    words = form.format(title=track.title, artist=track.artist)
    text = words.upper() if chance.random() < 0.2 else words
    return text, BOTH if "{artist}" in form else TITLE


KINDS: dict[str, Kind] = {
    "article left out": informed(_article),
    "article added": informed(_article_added),
    "version named": kind(_version, LIBRARY, "versions"),
    "no version named": kind(_original, "versions"),
    "album": informed(_album),
    "album and artist": kind(_album_of),
    "title and album": kind(_title_on),
    "guests": kind(_guest, "guests"),
    "numbers": kind(_number, "numbers"),
    "artist, half a title": kind(_half_title),
    "a word of each": kind(_some_words),
    "a wrong word": kind(_wrong_word),
    "title joined": kind(_title_joined),
    "pasted": kind(_pasted),
}
