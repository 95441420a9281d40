"""Text from tags, made safe to store, show and compare."""

import re
import unicodedata

# Control characters (NUL breaks PostgreSQL), lone surrogates (UTF-8 has none), direction
# overrides (they make one name look like another) and byte order marks.
UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
SPACES = re.compile(r"\s+")
# Two to four bytes of UTF-8 read as Latin-1 or Windows-1252.
UTF8_TWICE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u2122]")


def clean(value: str) -> str:
    """One line: NFC, no unwanted characters, single spaces. May be empty."""
    value = SPACES.sub(" ", UNWANTED.sub(" ", repair(value))).strip()
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def storable(value: str, max_length: int) -> str:
    """As it was, but for what a database cannot hold."""
    return UNSTORABLE.sub("\ufffd", value[:max_length])


def cut(value: str, max_length: int) -> str:
    return value if len(value) <= max_length else value[: max_length - 1].rstrip() + "…"


def repair(value: str) -> str:
    """Undo UTF-8 that was read as Latin-1: 'BjÃ¶rk' → 'Björk'. Anything else stays as it is."""
    if value.isascii() or not UTF8_TWICE.search(value):
        return value
    for codec in ("latin-1", "cp1252"):
        try:
            return value.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    return value
