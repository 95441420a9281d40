"""What reading one file costs: requests, bytes and CPU, for every format.

    python -m bench.media

Files of 5 to 10 MB without artwork, made here; the first 64 KiB come with opening the object, as
`ObjectStore` does it. Ends with 1 when a format takes more than its share or a length is wrong.
"""

import sys
from collections.abc import Callable
from functools import partial
from time import process_time
from typing import NamedTuple

from rich.console import Console

from bench.figures import show
from djamms.media.placeholder import initials, placeholder
from djamms.media.probe import Probe, probe
from djamms.media.ranged import RangedReader
from tests.support.containers import index_first
from tests.support.encode import EXPERIMENTAL, encode
from tests.support.ranges import HeadSource
from tests.support.tagged import BARE, FRAGMENTED, VBR

MAX_SHARE_PERCENT, MAX_ERROR_PERCENT = 5.0, 1.0
ROUNDS = 20
SONG = partial(encode, as_song=True)
LONG, SHORT = 330, 45
WITH_XING, WITHOUT_XING = tuple((BARE | {"write_xing": "1"}).items()), tuple(BARE.items())


class File(NamedTuple):
    """`is_walked`: no header tells its length and its bit rate varies, so every byte is read."""

    name: str
    seconds: float
    make: Callable[..., bytes]
    is_walked: bool = False


class Cost(NamedTuple):
    requests: int
    bytes_read: int
    cpu_ms: float
    probed: Probe


FILES = (
    File("MP3, constant", LONG, partial(SONG, "mp3", "libmp3lame", kbps=128, muxing=WITH_XING)),
    File(
        "MP3, constant, no header",
        LONG,
        partial(SONG, "mp3", "libmp3lame", kbps=128, muxing=WITHOUT_XING),
    ),
    File(
        "MP3, variable",
        2 * LONG,
        partial(SONG, "mp3", "libmp3lame", options=tuple(VBR.items()), muxing=WITH_XING),
    ),
    File(
        "MP3, variable, no header",
        2 * LONG,
        partial(SONG, "mp3", "libmp3lame", options=tuple(VBR.items()), muxing=WITHOUT_XING),
        is_walked=True,
    ),
    File("FLAC", 4 * SHORT, partial(SONG, "flac", "flac")),
    File("WAV, 16 bits", SHORT, partial(SONG, "wav", "pcm_s16le")),
    File("WAV, IMA ADPCM", 3 * SHORT, partial(SONG, "wav", "adpcm_ima_wav")),
    File("M4A, index last", LONG, partial(SONG, "ipod", "aac", kbps=128)),
    File(
        "M4A, index first",
        LONG,
        lambda seconds: index_first(SONG("ipod", "aac", kbps=128, seconds=seconds)),
    ),
    File("M4A, fragments", LONG, partial(SONG, "mp4", "aac", kbps=128, muxing=FRAGMENTED)),
    File("M4A, Apple Lossless", SHORT, partial(SONG, "ipod", "alac")),
    File("AAC (ADTS)", LONG, partial(SONG, "adts", "aac", kbps=128)),
    File("AAC (ADTS), noise and tone", LONG, partial(encode, "adts", "aac")),
    File("OGG Vorbis", 2 * LONG, partial(SONG, "ogg", "vorbis", options=EXPERIMENTAL)),
    File("OGG Opus", 1.3 * LONG, partial(SONG, "ogg", "libopus", kbps=128, rate=48_000)),
    File("OGG FLAC", 4 * SHORT, partial(SONG, "ogg", "flac")),
)


def cost(data: bytes) -> Cost:
    """CPU is the mean of some rounds, after one to warm up."""
    for part in range(ROUNDS + 1):
        if part == 1:
            began = process_time()
        source = HeadSource(data)
        probed = probe(RangedReader(source), filename="x.bin")
    spent = (process_time() - began) / ROUNDS
    return Cost(source.requests, source.bytes_read, 1000 * spent, probed)


def drawing_ms() -> float:
    """CPU of one placeholder that is not kept yet."""
    placeholder("warm", "up")
    began = process_time()
    for number in range(ROUNDS):
        assert initials(f"Album {number}")
        placeholder("artist", f"Album {number}")
    return 1000 * (process_time() - began) / ROUNDS


def main() -> int:
    console, rows, missed = Console(), [], 0
    for file in FILES:
        data = file.make(seconds=file.seconds)
        found = cost(data)
        share = 100 * found.bytes_read / len(data)
        error = 100 * abs(found.probed.stream.seconds / file.seconds - 1)
        is_met = (file.is_walked or share < MAX_SHARE_PERCENT) and error < MAX_ERROR_PERCENT
        missed += not is_met
        rows.append(
            (
                file.name,
                f"{len(data) / 1e6:.1f}",
                found.requests,
                f"{found.bytes_read / 1000:.0f}",
                f"{share:.1f}",
                f"{found.cpu_ms:.2f}",
                f"{error:.2f}",
                found.probed.stream.duration_source,
                "walked" if file.is_walked else "met" if is_met else "MISSED",
            )
        )
    columns = ("", "MB", "GETs", "kB", "% read", "CPU ms", "error %", "length by", "< 5 %")
    show(console, "Reading a file without artwork", columns, rows)
    console.print(f"A placeholder in three sizes: {drawing_ms():.1f} ms CPU")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
