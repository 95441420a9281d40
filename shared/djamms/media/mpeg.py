"""MPEG audio frames: the 32-bit header of ISO/IEC 11172-3 §2.4.1.3, layer III; of layers I and II
as much as tells what they are."""

import re
from functools import lru_cache
from typing import NamedTuple

from djamms.media.walk import Frame, FrameKind

# kbit/s by index, for MPEG-1 and for MPEG-2/2.5
BITRATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
LAYER_III = 1
# By (is MPEG-1, channels): the size of the side information that comes before.
XING_OFFSETS = {(True, 2): 36, (True, 1): 21, (False, 2): 21, (False, 1): 13}


@lru_cache(maxsize=1024)
def decode(word: int) -> Frame | None:
    """The frame that this header announces; None when it is no layer III header."""
    version, layer = word >> 19 & 3, word >> 17 & 3
    bitrate_index, rate_index = word >> 12 & 15, word >> 10 & 3
    if word >> 21 != 0x7FF or version == 1 or layer != LAYER_III:
        return None
    if bitrate_index in (0, 15) or rate_index == 3:
        return None
    bitrate = BITRATES[version == 3][bitrate_index]
    sample_rate = SAMPLE_RATES[version][rate_index]
    samples = 1152 if version == 3 else 576
    size = samples // 8 * bitrate * 1000 // sample_rate + (word >> 9 & 1)
    return Frame(size, samples, sample_rate, bitrate, 1 if word >> 6 & 3 == 3 else 2)


# Layer III of any version; neither a forbidden bit rate nor a forbidden sample rate.
SYNC = re.compile(
    b"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]["
    + b"".join(re.escape(bytes([high << 4 | low])) for high in range(1, 15) for low in range(12))
    + b"]"
)
MPEG = FrameKind(SYNC, 4, decode)

# kbit/s by (is MPEG-1, layer bits) and index.
OTHER_BITRATES = {
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, *range(32, 449, 32)),
    (False, 2): BITRATES[False],
    (False, 3): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
}


@lru_cache(maxsize=1024)
def decode_other(word: int) -> Frame | None:
    """As `decode`, for layers I and II; a layer I frame is counted in slots of four bytes."""
    version, layer = word >> 19 & 3, word >> 17 & 3
    bitrate_index, rate_index = word >> 12 & 15, word >> 10 & 3
    if word >> 21 != 0x7FF or version == 1 or layer < 2 or bitrate_index in (0, 15):
        return None
    if rate_index == 3:
        return None
    bitrate = OTHER_BITRATES[version == 3, layer][bitrate_index]
    samples, slot = (384, 4) if layer == 3 else (1152, 1)
    sample_rate = SAMPLE_RATES[version][rate_index]
    slots = samples * bitrate * 1000 // (8 * slot * sample_rate) + (word >> 9 & 1)
    return Frame(slots * slot, samples, sample_rate, bitrate, 1 if word >> 6 & 3 == 3 else 2)


OTHER_MPEG = FrameKind(re.compile(b"\xff[\xe4-\xe7\xf4-\xf7\xfc-\xff]"), 4, decode_other)


def is_mpeg1(frame: Frame) -> bool:
    return frame.samples == 1152


class VbrHeader(NamedTuple):
    """What a Xing, Info or VBRI header in the first frame claims."""

    is_constant: bool
    audio_bytes: int | None


def vbr_header(first_frame: bytes, frame: Frame) -> VbrHeader | None:
    """`first_frame` begins at its sync."""
    offset = XING_OFFSETS[is_mpeg1(frame), frame.channels]
    magic = first_frame[offset : offset + 4]
    if magic in (b"Xing", b"Info"):
        flags = int.from_bytes(first_frame[offset + 4 : offset + 8])
        at = offset + 8 + (4 if flags & 1 else 0)
        claimed = int.from_bytes(first_frame[at : at + 4]) if flags & 2 else None
        return VbrHeader(is_constant=magic == b"Info", audio_bytes=claimed or None)
    if first_frame[36:40] == b"VBRI":
        return VbrHeader(is_constant=False, audio_bytes=int.from_bytes(first_frame[46:50]) or None)
    return None
