"""FLAC: stream, comments and pictures, also from files whose blocks are damaged or enormous."""

import io
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from mutagen.flac import FLAC, StreamInfo

from djamms.media.flac_frames import last_frames, samples_until_end
from djamms.media.formats import AudioFormat, skip_id3
from djamms.media.parsing import PARSER_ERRORS
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import BudgetExceeded, RangedReader
from djamms.media.stream import DurationSource, Stream

# mutagen has no types.
parse_flac: Callable[[Any], Any] = FLAC
TAIL_BYTES = 64 * 1024
TOLERANCE = 0.02
STREAMINFO, COMMENTS, PICTURE = 0, 4, 6
# In the second attempt larger blocks are left out.
MAX_BLOCK_BYTES = {STREAMINFO: 1024, COMMENTS: 1024 * 1024, PICTURE: 3 * 1024 * 1024}
MAX_BLOCKS = 256


def open_flac(reader: RangedReader) -> tuple[Any, tuple[str, ...]]:
    """The parsed file and what was wrong with it. Raises MediaError: unreadable."""
    for wanted, warnings in (
        (None, ()),
        ((STREAMINFO, COMMENTS, PICTURE), ("metadata_damaged",)),
        ((STREAMINFO, COMMENTS), ("metadata_damaged",)),
        ((STREAMINFO,), ("metadata_damaged",)),
    ):
        try:
            if wanted is None:
                reader.seek(0)
                return parse_flac(reader), warnings
            return parse_flac(slim_copy(reader, wanted)), warnings
        except (*PARSER_ERRORS, BudgetExceeded):
            if reader.failure:
                raise reader.failure from None
    raise MediaError(Problem.UNREADABLE)


def slim_copy(reader: RangedReader, wanted: tuple[int, ...]) -> io.BytesIO:
    """The same file in memory: the wanted blocks of a sane size, and no audio."""
    kept = [
        (code, reader.read_at(offset, length))
        for code, offset, length in blocks(reader)
        if code in wanted and length <= MAX_BLOCK_BYTES[code]
    ]
    out = io.BytesIO()
    out.write(b"fLaC")
    for index, (code, data) in enumerate(kept):
        is_last = 0x80 if index == len(kept) - 1 else 0
        out.write(bytes([code | is_last]) + len(data).to_bytes(3) + data)
    out.seek(0)
    return out


def blocks(reader: RangedReader) -> Iterator[tuple[int, int, int]]:
    """(type, offset, length) of each metadata block."""
    at = skip_id3(reader) + 4
    for _ in range(MAX_BLOCKS):
        header = reader.read_at(at, 4)
        if len(header) < 4:
            return
        length = int.from_bytes(header[1:])
        yield header[0] & 0x7F, at + 4, length
        at += 4 + length
        if header[0] & 0x80:
            return


def read_flac_stream(reader: RangedReader, info: StreamInfo, warnings: tuple[str, ...]) -> Stream:
    sound_bytes = audio_bytes(reader)
    length = measure(reader, info)
    if not sound_bytes or not length.seconds:
        raise MediaError(Problem.NO_DURATION)
    return Stream(
        AudioFormat.FLAC,
        length.seconds,
        length.source,
        round(sound_bytes / 125 / length.seconds),
        length.sample_rate,
        info.channels,
        bits_per_sample=info.bits_per_sample,
        warnings=(*warnings, *length.warnings),
    )


class Length(NamedTuple):
    seconds: float
    source: DurationSource
    sample_rate: int
    warnings: tuple[str, ...] = ()


def measure(reader: RangedReader, info: StreamInfo) -> Length:
    """STREAMINFO's word, unless the last frame knows better."""
    frames = last_frames(reader.read_at(reader.size - TAIL_BYTES, TAIL_BYTES))
    rate = (frames and frames[0].sample_rate) or info.sample_rate
    lies = () if rate == info.sample_rate else ("header_mismatch",)
    claimed: int = info.total_samples
    if frames:
        played = samples_until_end(frames, info.max_blocksize)
        if not claimed:
            return Length(played / rate, DurationSource.FRAMES, rate, lies)
        if played < claimed * (1 - TOLERANCE):
            return Length(played / rate, DurationSource.FRAMES, rate, (*lies, "truncated"))
    return Length(claimed / rate, DurationSource.HEADER, rate, lies)


def audio_bytes(reader: RangedReader) -> int:
    start = 0
    for _, offset, length in blocks(reader):
        start = offset + length
    return max(0, reader.size - start)
