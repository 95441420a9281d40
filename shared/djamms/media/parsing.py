"""What a parser lets out when a file is broken, beside its own errors."""

import struct
import zlib

from mutagen import MutagenError

PARSER_ERRORS = (
    MutagenError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    EOFError,
    OSError,
    MemoryError,
    struct.error,
    zlib.error,
)
