"""Versions, guests and numbers: where the tags say more, or say it otherwise, than people do."""

from collections.abc import Sequence

from bench.search_quality.world.names import Chance, Made, Named, phrase, plainly

VERSIONS = ("Extended Mix", "Instrumental", "Demo", "Live", "Acoustic Version", "Radio Edit")
BRACKETS = ("({})", "[{}]", "- {}")
CREDITS = ("{} feat. {}", "{} ft. {}", "{} & {}", "{} x {}", "{}, {}", "{} vs. {}", "{} with {}")
TITLE_CREDITS = ("(feat. {})", "(ft. {})", "(with {})", "[feat. {}]")
NUMBERS = {
    1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight",
    9: "nine", 10: "ten", 12: "twelve", 20: "twenty", 99: "ninety nine", 100: "hundred",
}  # fmt: skip
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV", 5: "V"}


def versions(chance: Chance, tracks: int) -> Sequence[Made]:
    """Each title as it is and in other versions, so that the version tells."""
    artist = Named(phrase(chance, 1, 2))
    made: list[Made] = []
    while len(made) < tracks:
        title = Named(phrase(chance, 1, 3))
        made.append(plainly(title, artist))
        for version in [*chance.sample(VERSIONS, 1), f"{phrase(chance, 1, 2)} Remix"]:
            shown = f"{title.shown} {chance.choice(BRACKETS).format(version)}"
            made.append(Made(title, artist, shown, artist.shown, version=version.lower()))
    return made[:tracks]


def guests(chance: Chance, tracks: int) -> Sequence[Made]:
    artist = Named(phrase(chance, 1, 2))
    return [_with_guest(artist, chance) for _ in range(tracks)]


def _with_guest(artist: Named, chance: Chance) -> Made:
    title, guest = Named(phrase(chance, 1, 3)), phrase(chance, 1, 2)
    if chance.random() < 0.5:
        credit = chance.choice(CREDITS).format(artist.shown, guest)
        return Made(title, artist, title.shown, credit, guest=guest.lower())
    shown = f"{title.shown} {chance.choice(TITLE_CREDITS).format(guest)}"
    return Made(title, artist, shown, artist.shown, guest=guest.lower())


def numbers(chance: Chance, tracks: int) -> Sequence[Made]:
    artist = Named(phrase(chance, 1, 2))
    return [plainly(_numbered(chance), artist) for _ in range(tracks)]


def _numbered(chance: Chance) -> Named:
    words = phrase(chance, 1, 2)
    if chance.random() < 0.3:
        return _part(words, chance)
    number = chance.choice(list(NUMBERS))
    figures, spelled = f"{number} {words}", f"{NUMBERS[number]} {words}".title()
    shown, typed = (figures, spelled) if chance.random() < 0.5 else (spelled, figures)
    return Named(shown, (typed.lower(),), key=figures.lower())


def _part(words: str, chance: Chance) -> Named:
    number = chance.choice(list(ROMAN))
    forms = [f"Pt. {number}", f"Part {ROMAN[number]}", f"Part {number}", f"Vol. {number}"]
    shown = chance.choice(forms)
    names = ("vol", "volume") if shown.startswith("Vol") else ("pt", "part")
    signs = (str(number), ROMAN[number].lower(), NUMBERS[number])
    typed = [f"{words} {name} {sign}".lower() for name in names for sign in signs]
    key = f"{words} {names[1]} {number}".lower()
    ways = tuple(way for way in typed if way != f"{words} {shown}".lower())
    return Named(f"{words} {shown}", ways, key=key)
