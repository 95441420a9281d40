"""Musical keys: one spelling for what programs spell in many ways."""

import re

MAX_KEY = 10
NOTE = re.compile(
    r"(?P<note>[A-Ha-h])\s*-?(?P<accidental>#|♯|sharp|is\b|b|♭|flat)?\s*-?"
    r"(?P<mode>m|min|minor|moll|maj|major|dur|M)?",
)
ACCIDENTALS = {"#": "#", "♯": "#", "sharp": "#", "is": "#", "b": "b", "♭": "b", "flat": "b"}
MINOR = ("m", "min", "minor", "moll")
# Camelot's and Traktor's wheels.
WHEEL = re.compile(r"0?([1-9]|1[0-2])\s*([ABabdm])")


def normalise_key(value: str) -> str | None:
    """'A minor' → 'Am', 'C♯ min' → 'C#m', '08a' → '8A'; other short words as they are."""
    if match := WHEEL.fullmatch(value):
        return match[1] + (match[2].upper() if match[2] in "ABab" else match[2])
    # "M" alone tells major from minor by its case; longer words do not.
    match = NOTE.fullmatch(value if len(value) <= 3 else value.lower())
    if match:
        accidental = ACCIDENTALS.get(match["accidental"] or "", "")
        return match["note"].upper() + accidental + ("m" if match["mode"] in MINOR else "")
    return value if value and len(value) <= MAX_KEY else None
