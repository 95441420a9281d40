"""Raw AAC: its length is the sum of its frames, all of them or a fair sample."""

from djamms.media.adts import ADTS
from djamms.media.apev2 import ape_tag, read_ape
from djamms.media.formats import AudioFormat, first_frame
from djamms.media.id3 import read_id3
from djamms.media.id3v1 import id3v1_start, read_id3v1
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import BLOCK_BYTES, RangedReader
from djamms.media.stream import DurationSource, Stream
from djamms.media.tags import Found
from djamms.media.walk import sample, spread, total, uncertainty, walk, weighed

# A sample is this share of the file, and is believed when it is this sure of its mean.
SAMPLED_SHARE = 0.03
MIN_WINDOWS, MAX_WINDOWS = 4, 60
MAX_UNCERTAINTY = 0.006


def read_aac(reader: RangedReader) -> tuple[Stream, Found]:
    found = read_id3(reader)
    end = id3v1_start(reader)
    tag = ape_tag(reader, end)
    found.fill(read_ape(reader, end))
    found.fill(read_id3v1(reader))
    return read_adts_stream(reader, tag.start if tag else end), found


def read_adts_stream(reader: RangedReader, end: int) -> Stream:
    found = first_frame(reader, ADTS)
    if found is None:
        raise MediaError(Problem.NOT_AUDIO)
    start = found[1]
    frame = ADTS.at(reader.read_at(start, ADTS.header_bytes), 0)
    if frame is None:
        raise MediaError(Problem.UNREADABLE)
    seconds, source = measured(reader, start, end)
    kbps = round((end - start) / 125 / seconds) if seconds else 0
    return Stream(AudioFormat.AAC, "aac", seconds, source, kbps, frame.sample_rate, frame.channels)


def measured(reader: RangedReader, start: int, end: int) -> tuple[float, DurationSource]:
    """Most streams keep their mean so well that a sample tells it; the others are walked."""
    windows = min(MAX_WINDOWS, int((end - start) * SAMPLED_SHARE / BLOCK_BYTES))
    is_too_dear = end - start > reader.remaining_bytes
    if windows >= MIN_WINDOWS or is_too_dear:
        spots = spread(start, end, max(windows, MIN_WINDOWS))
        tallies = sample(reader, ADTS, spots, BLOCK_BYTES)
        if is_too_dear or uncertainty(tallies) <= MAX_UNCERTAINTY:
            return weighed(total(tallies), end - start), DurationSource.SAMPLED
    return walk(reader, ADTS, start, end).seconds, DurationSource.FRAMES
