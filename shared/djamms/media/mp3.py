"""MP3: where the audio lies, and how long it plays when its header is missing or lies."""

from mutagen.mp3 import MPEGInfo

from djamms.media.formats import AudioFormat, mpeg_start
from djamms.media.mpeg import BITRATES, MPEG, VbrHeader, is_mpeg1, vbr_header
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import BLOCK_BYTES, RangedReader
from djamms.media.stream import DurationSource, Stream
from djamms.media.walk import Frame, Tally, sample, spread, walk

# A header is believed when the bytes that it counts and those that are there agree this well.
TOLERANCE = 0.02
SLACK_BYTES = 8192
# Many bit rates in one of these three blocks mean a variable bit rate.
PROBES = 3
# Windows weighed where a whole walk is too dear; leaves room for what tags have already cost.
WINDOWS = 40
MIN_KBPS, MAX_KBPS = 6, 330


def read_mp3_stream(reader: RangedReader) -> Stream:
    start, end = mpeg_start(reader), audio_end(reader)
    head = reader.read_at(start or 0, 256)
    frame = MPEG.at(head, 0)
    if start is None or frame is None:
        raise MediaError(Problem.NOT_AUDIO)
    header = vbr_header(head, frame)
    if header and (stream := from_header(reader, header, frame, start, end)):
        return stream
    return measured(reader, frame, start, end, ("header_mismatch",) if header else ())


def audio_end(reader: RangedReader) -> int:
    """Where the trailing tags begin: ID3v1 last, APEv2 before it."""
    end = reader.size
    if reader.read_at(end - 128, 3) == b"TAG":
        end -= 128
    footer = reader.read_at(end - 32, 32)
    if footer.startswith(b"APETAGEX"):
        end -= int.from_bytes(footer[12:16], "little") + (32 if footer[23] & 0x80 else 0)
    return max(end, 0)


def from_header(
    reader: RangedReader, header: VbrHeader, frame: Frame, start: int, end: int
) -> Stream | None:
    """None when the header counts other bytes than are there, or an impossible bit rate."""
    there = end - start
    claimed = there if header.audio_bytes is None else header.audio_bytes
    if abs(claimed - there) > TOLERANCE * there + SLACK_BYTES:
        return None
    info = MPEGInfo(reader, start)
    if info.length <= 0 or not MIN_KBPS <= there / info.length / 125 <= MAX_KBPS:
        return None
    kbps = round(info.bitrate / 1000)
    if header.is_constant:
        # The header's own frame may be a larger one than the rest, and a mean is off by a little.
        kbps = min(BITRATES[is_mpeg1(frame)], key=lambda usual: abs(usual - kbps))
    return _stream(frame, info.length, kbps, DurationSource.HEADER, header.is_constant)


def measured(
    reader: RangedReader, frame: Frame, start: int, end: int, warnings: tuple[str, ...]
) -> Stream:
    """Three probes tell constant from variable; a variable one is walked, or weighed if large."""
    tally = sample(reader, MPEG, [start, *spread(start, end, PROBES - 2), end - BLOCK_BYTES])
    if tally.is_constant and frame.bitrate_kbps in {found.bitrate_kbps for found in tally.counts}:
        seconds = (end - start) / (frame.bitrate_kbps * 125)
        source = DurationSource.CONSTANT_BITRATE
    else:
        seconds, source = counted(reader, start, end)
    kbps = round((end - start) / 125 / seconds) if seconds else 0
    if tally.is_constant:
        kbps = frame.bitrate_kbps
    return _stream(frame, seconds, kbps, source, tally.is_constant, warnings)


def counted(reader: RangedReader, start: int, end: int) -> tuple[float, DurationSource]:
    if end - start <= reader.remaining_bytes:
        return walk(reader, MPEG, start, end).seconds, DurationSource.FRAMES
    windows = min(WINDOWS, max(1, reader.remaining_bytes // BLOCK_BYTES - 1))
    return weighed(sample(reader, MPEG, spread(start, end, windows)), end - start)


def weighed(tally: Tally, audio_bytes: int) -> tuple[float, DurationSource]:
    seconds = tally.seconds * audio_bytes / tally.frame_bytes if tally.frame_bytes else 0.0
    return seconds, DurationSource.SAMPLED


def _stream(
    frame: Frame,
    seconds: float,
    kbps: int,
    source: DurationSource,
    is_constant: bool,
    warnings: tuple[str, ...] = (),
) -> Stream:
    return Stream(
        AudioFormat.MP3,
        seconds,
        source,
        kbps,
        frame.sample_rate,
        frame.channels,
        is_constant,
        warnings=warnings,
    )
