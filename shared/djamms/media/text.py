"""Text from tags, made safe to store, show and compare."""

import re
import unicodedata

from djamms.invisible import is_blank
from djamms.media.charset import repair

# Control characters (NUL breaks PostgreSQL), lone surrogates (UTF-8 has none), direction
# overrides (they make one name look like another) and byte order marks.
UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
SPACES = re.compile(r"\s+")
# Far more than any column holds: repairs and normal forms may take the square of a length.
MAX_CLEANED = 4096


def clean(value: str) -> str:
    """One line: NFC, no unwanted characters, single spaces. Empty where nothing would show."""
    value = SPACES.sub(" ", UNWANTED.sub(" ", repair(value[:MAX_CLEANED]))).strip()
    if value.isascii():
        return value
    return "" if is_blank(value) else unicodedata.normalize("NFC", value)


def storable(value: str, max_length: int) -> str:
    """As it was, but for what a database cannot hold."""
    return UNSTORABLE.sub("\ufffd", value[:max_length])


def cut(value: str, max_length: int) -> str:
    return value if len(value) <= max_length else value[: max_length - 1].rstrip() + "…"
