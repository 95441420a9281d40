"""Text whose writer did not say, or lied about, its code page.

Broken text is repaired only on strong evidence: a clean string must come through as it is, a broken
one that cannot be told stays broken. The tag as it was is kept beside it (`TrackTags.raw`).
"""

import re
from collections.abc import Iterator

from djamms.media.alphabets import ALPHABETS

# UTF-8 may have been taken for another encoding more than once.
MAX_ROUNDS = 3
# Two bytes or more of UTF-8 read as Latin-1 or Windows-1252, their first byte one of a living
# script's. A quote, a dash or dots behind a letter may also be what they seem: 'SECCI\u00d3\u2026'.
UTF8_TWICE = re.compile(
    "[\u00c2-\u00c5\u00ce-\u00d1\u00d7-\u00d9\u00e0-\u00f4]"
    "(?:[\u0080-\u00bf\u0152-\u02dc\u2020-\u2022\u2030-\u2122]|[\u2013-\u201e\u2026](?=\\w))"
)
LATIN_AND_OTHER = re.compile(
    "[A-Za-z\u00c0-\u024f][\u0370-\u065f]|[\u0370-\u065f][A-Za-z\u00c0-\u024f]"
)
CONTROLS = re.compile("[\x80-\x9f]")
# Euro, quotes, dashes, dots and the few letters of Windows-1252; what else its range holds.
PUNCTUATION = re.compile("[\x80\x85\x8a\x8c\x8e\x91-\x97\x99\x9a\x9c\x9e\x9f]")
NO_PUNCTUATION = re.compile("[\x80-\x9f]{2}|[\x81-\x84\x86-\x89\x8b\x8d\x8f\x90\x98\x9b\x9d]")
# The first bytes of kana, as Latin-1 and as Windows-1252 show them.
KANA_BYTES = re.compile("[\x82\x83\u201a\u0192]")
JAPANESE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]")
KANA = re.compile("[\u3041-\u30fa]")
# Polish, Czech and Slovak letters that the Western code page shows as signs inside of words, or
# that no other language of that code page has.
SIGN_IN_WORD = re.compile("(?<=[^\\W\\d_A-Z])[\u00b3\u00b9\u00bf\u00be](?=[^\\W\\d_A-Z])")
SLAVIC_BYTES = re.compile("[\x8a\x8d-\x8f\x9a\x9d-\x9f]")
MIN_LETTERS = 4


def decode(data: bytes) -> str:
    """UTF-8, or else every byte as the character of its number, so that nothing is lost."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def start_of(data: bytes, limit: int) -> bytes:
    """At most so many bytes, and no half character of UTF-8 at the end."""
    for _ in range(3):
        if limit < len(data) and data[limit] & 0xC0 == 0x80:
            limit -= 1
    return data[:limit]


def repair(value: str) -> str:
    """'BjÃ¶rk' → 'Björk', 'Êèíî' → 'Кино'; what is not surely broken stays as it is."""
    if value.isascii():
        return value
    value = undo_utf8(value)
    data = western_bytes(value)
    if data is None or value.isascii():
        return value
    return next((text for text in readings(value, data)), value)


def undo_utf8(value: str) -> str:
    for _ in range(MAX_ROUNDS):
        data = western_bytes(value) if UTF8_TWICE.search(value) else None
        text = data and decode(data)
        if not text or len(text) == len(value) or LATIN_AND_OTHER.search(text):
            break
        value = text
    return value


def readings(value: str, data: bytes) -> Iterator[str]:
    """What the bytes may mean instead, the surest first."""
    if text := japanese(value, data):
        yield text
    if text := other_alphabet(data):
        yield text
    if text := central_european(value, data):
        yield text
    if PUNCTUATION.search(value) and not NO_PUNCTUATION.search(value):
        yield data.decode("cp1252")


def western_bytes(value: str) -> bytes | None:
    """The bytes that Latin-1 or Windows-1252 shows as this text; None when it is neither."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        pass
    try:
        return b"".join(c.encode("latin-1" if c < "\u0100" else "cp1252") for c in value)
    except UnicodeEncodeError:
        return None


def japanese(value: str, data: bytes) -> str | None:
    """Shift-JIS: kana, or nothing but kanji, in pairs of bytes all through."""
    is_unclean = bool(CONTROLS.search(value))
    if not is_unclean and len(KANA_BYTES.findall(value)) < 2:
        return None
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return None
    count, kana = len(JAPANESE.findall(text)), len(KANA.findall(text))
    latin = sum(letter.isascii() and letter.isalpha() for letter in text)
    is_japanese = count >= 2 and count == sum(not letter.isascii() for letter in text)
    is_sure = latin == 0 or (kana >= 2 and (is_unclean or latin <= count))
    return text if is_japanese and is_sure else None


def other_alphabet(data: bytes) -> str | None:
    """Cyrillic, Greek or Hebrew: every word of one script, with the letters that it uses most."""
    if sum(byte >= 0x80 for byte in data) < MIN_LETTERS:
        return None
    best, text = max((alphabet.read(data) for alphabet in ALPHABETS), key=lambda found: found[0])
    return text if best > 0 else None


def central_european(value: str, data: bytes) -> str | None:
    if not (SIGN_IN_WORD.search(value) or SLAVIC_BYTES.search(value)):
        return None
    try:
        text = data.decode("cp1250")
    except UnicodeDecodeError:
        return None
    changed = (new for new, old in zip(text, value, strict=True) if new != old)
    is_latin = 3 * sum(map(str.isascii, text)) >= len(text)
    return text if is_latin and all(letter.isalpha() for letter in changed) else None
