"""AAC in ADTS frames: the header of ISO/IEC 13818-7 §6.2. There is no other header at all."""

import re
from functools import lru_cache

from djamms.media.walk import Frame, FrameKind

SAMPLE_RATES = (
    *(96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025),
    *(8_000, 7_350),
)
HEADER_BYTES = 7
# 0: the channels are described inside of the frame, most often two.
CHANNELS = (2, 1, 2, 3, 4, 5, 6, 8)
SAMPLES_PER_BLOCK = 1024


@lru_cache(maxsize=4096)
def decode(word: int) -> Frame | None:
    """The frame that these 56 bits announce; None when they are no ADTS header."""
    rate_index, size = word >> 34 & 15, word >> 13 & 0x1FFF
    if word >> 44 != 0xFFF or word >> 41 & 3 or rate_index >= len(SAMPLE_RATES):
        return None
    if size <= HEADER_BYTES:
        return None
    samples = SAMPLES_PER_BLOCK * ((word & 3) + 1)
    return Frame(size, samples, SAMPLE_RATES[rate_index], 0, CHANNELS[word >> 30 & 7])


ADTS = FrameKind(re.compile(b"\xff[\xf0\xf1\xf8\xf9]"), HEADER_BYTES, decode)
