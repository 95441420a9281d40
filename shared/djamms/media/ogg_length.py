"""How long an Ogg file plays: its last page tells, if there is one stream from beginning to end."""

from collections.abc import Iterator
from typing import NamedTuple

from djamms.media.ogg_codecs import OggStream, read_header
from djamms.media.ogg_pages import (
    CAPTURE,
    FIRST,
    MAX_PAGE_BYTES,
    NO_GRANULE,
    Page,
    is_intact,
    pages,
    parse,
)
from djamms.media.ranged import RangedReader
from djamms.media.stream import DurationSource
from djamms.media.walk import spread

# The last page may be up to 64 KB long, and junk may follow it.
TAIL_BYTES = (32 * 1024, 160 * 1024, 1024 * 1024)
HEAD_BYTES = 32 * 1024
# Pages are this much larger by their number than they are: some of them must have another number.
SUSPICIOUS = 1.7
MIN_KBPS, MAX_KBPS = 0.5, 20_000
# Each holds the beginnings of two pages.
WINDOWS, WINDOW_BYTES = 14, 80 * 1024


class Length(NamedTuple):
    seconds: float
    source: DurationSource
    warnings: tuple[str, ...] = ()


def length_of(reader: RangedReader, stream: OggStream, audio_at: int) -> Length:
    last = last_page(reader)
    if last and last.serial == stream.serial and not is_joined(reader, last, audio_at):
        first = first_granule(reader, stream, audio_at)
        seconds = (last.granule - stream.delay - first) / stream.sample_rate
        if seconds > 0 and MIN_KBPS <= (reader.size - audio_at) / 125 / seconds <= MAX_KBPS:
            return Length(seconds, DurationSource.HEADER)
    if reader.size <= reader.remaining_bytes:
        return Length(sum(links(reader)), DurationSource.FRAMES, ("chained",))
    return Length(weighed(reader, stream, audio_at), DurationSource.SAMPLED, ("chained",))


def length_by_tail(reader: RangedReader, stream: OggStream) -> Length:
    last = last_page(reader)
    is_ours = last is not None and last.serial == stream.serial
    return Length(played(stream, 0, last.granule if last and is_ours else 0), DurationSource.HEADER)


def last_page(reader: RangedReader) -> Page | None:
    """The last whole page that ends a packet; one with the right checksum if there is any."""
    for window in TAIL_BYTES:
        start = max(0, reader.size - window)
        whole = [
            (page, data)
            for page, data in whole_pages(reader.read_at(start, window), start)
            if page.granule != NO_GRANULE
        ]
        for page, data in whole:
            if is_intact(data):
                return page
        if whole and window > MAX_PAGE_BYTES:
            return whole[0][0]
    return None


def backwards(data: bytes, offset: int) -> Iterator[Page]:
    """Pages that begin in `data`, the last one first."""
    at = data.rfind(CAPTURE)
    while at >= 0:
        if page := parse(data, at, offset):
            yield page
        at = data.rfind(CAPTURE, 0, at)


def whole_pages(data: bytes, offset: int) -> Iterator[tuple[Page, bytes]]:
    """Pages that also end in `data`, with their bytes."""
    for page in backwards(data, offset):
        if page.end <= offset + len(data):
            yield page, data[page.at - offset : page.end - offset]


def is_joined(reader: RangedReader, last: Page, audio_at: int) -> bool:
    """Whether files were put behind each other under one serial number."""
    head = reader.read_at(audio_at, HEAD_BYTES)
    sizes = [page.end - page.at for page, _ in whole_pages(head, audio_at)]
    mean = reader.size / (last.sequence + 1)
    return bool(sizes) and mean > SUSPICIOUS * max(sum(sizes) / len(sizes), last.end - last.at)


def first_granule(reader: RangedReader, stream: OggStream, audio_at: int) -> int:
    """Where the time line begins: late in what was cut from a broadcast, else at 0."""
    for page in pages(reader, audio_at):
        if page.serial == stream.serial and page.granule not in (0, NO_GRANULE):
            return begin_of(page, stream)
    return 0


def begin_of(page: Page, stream: OggStream) -> int:
    start = page.granule - (page.packets + 1) * stream.max_packet_samples
    return start if start > 2 * stream.sample_rate else 0


def links(reader: RangedReader) -> Iterator[float]:
    """Seconds of each stream in a chain."""
    stream, first, last = None, None, 0
    for page in pages(reader, 0):
        found = None
        if page.flags & FIRST:
            found = read_header(reader.read_at(page.body, page.end - page.body), page.serial)
        if found:
            yield played(stream, first or 0, last)
            stream, first, last = found, None, 0
        elif stream and page.serial == stream.serial and page.granule not in (0, NO_GRANULE):
            first = begin_of(page, stream) if first is None else first
            last = page.granule
    yield played(stream, first or 0, last)


def played(stream: OggStream | None, first: int, last: int) -> float:
    return max(0.0, (last - first - stream.delay) / stream.sample_rate) if stream else 0.0


def weighed(reader: RangedReader, stream: OggStream, audio_at: int) -> float:
    """As if the bytes between samples held what the samples hold."""
    seconds = size = 0.0
    for spot in spread(audio_at, reader.size, WINDOWS):
        found = [
            page
            for page in backwards(reader.read_at(spot, WINDOW_BYTES), spot)
            if page.granule not in (0, NO_GRANULE)
        ]
        if len(found) > 1 and found[0].serial == found[-1].serial:
            step = (found[0].granule - found[-1].granule) / stream.sample_rate
            if step > 0:
                seconds, size = seconds + step, size + found[0].end - found[-1].end
    return seconds * (reader.size - audio_at) / size if size else 0.0
