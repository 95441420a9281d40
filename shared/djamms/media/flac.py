"""FLAC: stream, comments and pictures, each block by itself, so that damage stays where it is."""

import io
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from mutagen.flac import StreamInfo

from djamms.media import vorbis
from djamms.media.flac_frames import last_frames, samples_until_end
from djamms.media.formats import AudioFormat
from djamms.media.id3_frames import skip_tags
from djamms.media.parsing import PARSER_ERRORS
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import BudgetExceeded, RangedReader
from djamms.media.stream import DurationSource, Stream
from djamms.media.tags import Found

# mutagen has no types.
parse_info: Callable[[Any], Any] = StreamInfo
TAIL_BYTES = 32 * 1024
WIDE_TAIL_BYTES = 128 * 1024
TOLERANCE = 0.02
STREAMINFO, COMMENTS, PICTURE = 0, 4, 6
MAX_BLOCK_BYTES = {STREAMINFO: 1024, COMMENTS: 6 * 1024 * 1024, PICTURE: 6 * 1024 * 1024}
MAX_BLOCKS = 256


def read_flac(reader: RangedReader) -> tuple[Stream, Found]:
    found, info = Found(), None
    for code, offset, length in blocks(reader):
        if code not in MAX_BLOCK_BYTES or (code == STREAMINFO and info):
            continue
        data = block(reader, code, offset, length)
        if data is None:
            found.warn("artwork_too_large" if code == PICTURE else "tags_too_large")
            continue
        info = info or (stream_info(data) if code == STREAMINFO else None)
        found.fill(contents(code, data))
    if info is None:
        raise MediaError(Problem.UNREADABLE)
    return read_flac_stream(reader, info), found


def block(reader: RangedReader, code: int, offset: int, length: int) -> bytes | None:
    """None when it is too large."""
    try:
        return reader.read_optional(offset, length) if length <= MAX_BLOCK_BYTES[code] else None
    except BudgetExceeded:
        return None


def contents(code: int, data: bytes) -> Found:
    if code == COMMENTS:
        return vorbis.read_comments(data)
    return Found(pictures=vorbis.flac_picture(data) if code == PICTURE else [])


def stream_info(data: bytes) -> Any:
    """mutagen's, or None."""
    try:
        return parse_info(io.BytesIO(data))
    except PARSER_ERRORS:
        return None


def blocks(reader: RangedReader) -> Iterator[tuple[int, int, int]]:
    """(type, offset, length) of each metadata block that lies inside of the file."""
    at = skip_tags(reader) + 4
    for _ in range(MAX_BLOCKS):
        header = reader.read_at(at, 4)
        length = int.from_bytes(header[1:])
        if len(header) < 4 or at + 4 + length > reader.size:
            return
        yield header[0] & 0x7F, at + 4, length
        at += 4 + length
        if header[0] & 0x80:
            return


def read_flac_stream(reader: RangedReader, info: Any) -> Stream:
    sound_bytes = audio_bytes(reader)
    length = measure(reader, info)
    if not sound_bytes or not length.seconds:
        raise MediaError(Problem.NO_DURATION)
    return Stream(
        AudioFormat.FLAC,
        "flac",
        length.seconds,
        length.source,
        round(sound_bytes / 125 / length.seconds),
        length.sample_rate,
        info.channels,
        bits_per_sample=info.bits_per_sample,
        warnings=length.warnings,
    )


class Length(NamedTuple):
    seconds: float
    source: DurationSource
    sample_rate: int
    warnings: tuple[str, ...] = ()


def measure(reader: RangedReader, info: Any) -> Length:
    """STREAMINFO's word, unless the last frame knows better."""
    frames = last_frames(reader.read_at(reader.size - TAIL_BYTES, TAIL_BYTES))
    if len(frames) < 2:
        # Frames of high resolution are long.
        frames = last_frames(reader.read_at(reader.size - WIDE_TAIL_BYTES, WIDE_TAIL_BYTES))
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
