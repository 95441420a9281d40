"""MP3: where the audio lies, and how long it plays when its header is missing or lies."""

from mutagen.mp3 import MPEGInfo

from djamms.media.apev2 import ape_tag, read_ape
from djamms.media.formats import AudioFormat, first_frame
from djamms.media.id3 import read_id3
from djamms.media.id3v1 import id3v1_start, read_id3v1
from djamms.media.mpeg import BITRATES, MPEG, VbrHeader, is_mpeg1, vbr_header
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import RangedReader
from djamms.media.stream import DurationSource, Stream
from djamms.media.tags import Found
from djamms.media.walk import WINDOW_BYTES, Frame, sample, spread, total, walk, weighed

# A header is believed when the bytes that it counts and those that are there agree this well.
TOLERANCE = 0.02
SLACK_BYTES = 8192
# Many bit rates in one of these three blocks mean a variable bit rate.
PROBES = 3
# Windows weighed where a whole walk is too dear; leaves room for what tags have already cost.
WINDOWS = 40
MIN_KBPS, MAX_KBPS = 6, 330
# In a shorter sound the header's own frame weighs too much.
MIN_CHECKED_SECONDS = 5


def read_mp3(reader: RangedReader) -> tuple[Stream, Found]:
    """ID3v2's word comes before APEv2's, and that before ID3v1's short one."""
    found = read_id3(reader)
    found.fill(read_ape(reader, id3v1_start(reader)))
    found.fill(read_id3v1(reader))
    return read_mp3_stream(reader), found


def read_mp3_stream(reader: RangedReader) -> Stream:
    found, end = first_frame(reader, MPEG), audio_end(reader)
    if found is None:
        raise MediaError(Problem.NOT_AUDIO)
    start = found[1]
    head = reader.read_at(start, 256)
    frame = MPEG.at(head, 0)
    if frame is None:
        raise MediaError(Problem.UNREADABLE)
    # A trailing tag that claims the whole file lies.
    end = end if end > start else reader.size
    header = vbr_header(head, frame)
    if header and (stream := from_header(reader, header, frame, start, end)):
        return stream
    return measured(reader, frame, start, end, ("header_mismatch",) if header else ())


def audio_end(reader: RangedReader) -> int:
    """Where the trailing tags begin: ID3v1 last, APEv2 before it."""
    end = id3v1_start(reader)
    tag = ape_tag(reader, end)
    return tag.start if tag else end


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
    kbps = round(there / info.length / 125)
    if header.is_constant:
        # The header's own frame may be a larger one than the rest, and a mean is off by a little.
        usual = min(BITRATES[is_mpeg1(frame)], key=lambda usual: abs(usual - kbps))
        if abs(usual - kbps) > 1 + TOLERANCE * usual and info.length > MIN_CHECKED_SECONDS:
            return None
        kbps = usual
    return _stream(frame, info.length, kbps, DurationSource.HEADER, header.is_constant)


def measured(
    reader: RangedReader, frame: Frame, start: int, end: int, warnings: tuple[str, ...]
) -> Stream:
    """Three probes tell constant from variable; a variable one is walked, or weighed if large."""
    spots = [start, *spread(start, end, PROBES - 2), max(start, end - WINDOW_BYTES)]
    tally = total(sample(reader, MPEG, spots))
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
    windows = min(WINDOWS, max(1, reader.remaining_bytes // WINDOW_BYTES - 1))
    found = total(sample(reader, MPEG, spread(start, end, windows)))
    return weighed(found, end - start), DurationSource.SAMPLED


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
        "mp3",
        seconds,
        source,
        kbps,
        frame.sample_rate,
        frame.channels,
        is_constant,
        warnings=warnings,
    )
