"""Ogg with Vorbis, Opus or FLAC: codec and comments at the head, the length at the tail."""

from djamms.media import vorbis
from djamms.media.flac import COMMENTS, contents
from djamms.media.formats import AudioFormat, unsupported
from djamms.media.id3_frames import skip_tags
from djamms.media.ogg_codecs import OggStream, name_of, read_header
from djamms.media.ogg_length import length_by_tail, length_of
from djamms.media.ogg_pages import FIRST, packets, pages
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import BudgetExceeded, RangedReader
from djamms.media.stream import Stream
from djamms.media.tags import Found

MAX_STREAMS = 16
MAX_FIRST_PACKET_BYTES = 1024
MAX_PACKET_BYTES = 6 * 1024 * 1024
MAX_FLAC_BLOCKS = 64
# Packets before the sound: header, comments and, in Vorbis, the codec's set-up.
HEADER_PACKETS = {"vorbis": 3, "opus": 2}
SIGNATURES = {"vorbis": b"\x03vorbis", "opus": b"OpusTags"}


def read_ogg(reader: RangedReader) -> tuple[Stream, Found]:
    start = skip_tags(reader)
    stream = first_stream(reader, start)
    found = Found()
    try:
        audio_at = read_headers(reader, start, stream, found)
        length = length_of(reader, stream, audio_at)
    except BudgetExceeded:
        # A cover without measure stands between here and the sound: the tail alone must tell.
        found.warn("tags_too_large")
        audio_at, length = start, length_by_tail(reader, stream)
    if length.seconds <= 0:
        raise MediaError(Problem.NO_DURATION)
    kbps = round((reader.size - audio_at) / 125 / length.seconds)
    return Stream(
        AudioFormat.OGG,
        stream.codec,
        length.seconds,
        length.source,
        kbps,
        stream.sample_rate,
        stream.channels,
        bits_per_sample=stream.bits_per_sample,
        warnings=length.warnings,
    ), found


def first_stream(reader: RangedReader, start: int) -> OggStream:
    """All streams of a file begin before any goes on; the first of sound is taken."""
    others: list[str] = []
    for _, page in zip(range(MAX_STREAMS), pages(reader, start), strict=False):
        if not page.flags & FIRST:
            break
        packet = reader.read_at(page.body, min(page.end - page.body, MAX_FIRST_PACKET_BYTES))
        if stream := read_header(packet, page.serial):
            return stream
        others += filter(None, [name_of(packet)])
    raise unsupported(others[0]) if others else MediaError(Problem.UNREADABLE)


def read_headers(reader: RangedReader, start: int, stream: OggStream, found: Found) -> int:
    """Fills in what the comments say; where the sound begins."""
    audio_at = start
    for count, (packet, page) in enumerate(
        packets(reader, start, stream.serial, MAX_PACKET_BYTES), start=1
    ):
        audio_at = page.end
        is_last = count == HEADER_PACKETS.get(stream.codec, MAX_FLAC_BLOCKS)
        if count > 1 and stream.codec == "flac":
            found.fill(contents(packet[0] & 0x7F if packet else COMMENTS, packet[4:]))
            is_last = is_last or bool(packet[:1] and packet[0] & 0x80)
        elif count == 2:
            found.fill(comments(stream, packet))
        if is_last:
            break
    return audio_at


def comments(stream: OggStream, packet: bytes) -> Found:
    signature = SIGNATURES[stream.codec]
    if not packet.startswith(signature):
        return Found(warnings=("tags_unreadable",))
    if len(packet) >= MAX_PACKET_BYTES:
        return Found(warnings=("tags_too_large",))
    return vorbis.read_comments(packet[len(signature) :])
