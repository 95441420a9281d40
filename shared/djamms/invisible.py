"""Which text shows nothing at all."""

import unicodedata

# Spaces of every kind, line ends, controls, and format characters: zero width, marks of direction.
INVISIBLE_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
# Letters, marks and a symbol that are drawn as nothing (Default_Ignorable_Code_Point of the Unicode
# Character Database, and the blank Braille pattern): grapheme joiner, fillers, variation selectors.
INVISIBLE = frozenset(
    map(
        chr,
        (
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x2800, 0x3164, 0xFFA0),
            *range(0x180B, 0x1810),
            *range(0xFE00, 0xFE10),
            *range(0xFFF0, 0xFFF9),
            *range(0xE0000, 0xE1000),
        ),
    )
)


# Line ends, controls, and format characters, which can turn the direction of what follows.
CONTROLS = frozenset({"Zl", "Zp", "Cc", "Cf"})


def has_controls(text: str) -> bool:
    return any(unicodedata.category(one) in CONTROLS for one in text)


def escaped(text: str) -> str:
    """Controls as one writes them in a program: what is told to a caller is read by people."""
    if text.isprintable():
        return text
    return "".join(
        one.encode("unicode_escape").decode() if unicodedata.category(one) in CONTROLS else one
        for one in text
    )


def is_blank(text: str) -> bool:
    return all(
        one in INVISIBLE or unicodedata.category(one) in INVISIBLE_CATEGORIES for one in text
    )
