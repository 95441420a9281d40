"""A finger beside the key; a name known by ear."""

from collections.abc import Callable
from functools import partial

from bench.search_quality.edits import as_heard, beside
from bench.search_quality.kinds.typist import Chance, Kind, Typed, kind, mixed
from bench.search_quality.wanted import ARTIST, BOTH, TITLE, Aim, Wanted

LONG_ENOUGH = 5


def _slipped(
    track: Wanted, chance: Chance, *, slip: Callable[[str, Chance], str | None]
) -> Typed | None:
    """In one longer word of the title, the artist or both."""
    choices: list[tuple[str, Aim]] = [
        (track.title, TITLE),
        (track.artist, ARTIST),
        (mixed(chance, track.title, track.artist), BOTH),
    ]
    text, aim = chance.choice(choices)
    words = text.split()
    places = [place for place, word in enumerate(words) if len(word) >= LONG_ENOUGH]
    if not places:
        return None
    place = chance.choice(places)
    wrong = slip(words[place], chance)
    if wrong is None:
        return None
    return " ".join([*words[:place], wrong, *words[place + 1 :]]), aim


KINDS: dict[str, Kind] = {
    "neighbouring key": kind(partial(_slipped, slip=beside)),
    "sounds alike": kind(partial(_slipped, slip=as_heard)),
}
