"""M4A: AAC, Apple Lossless and the like in MP4, the index first or last, whole or in fragments."""

import io
import struct
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from mutagen.mp4 import MP4

from djamms.media.formats import AudioFormat, unsupported
from djamms.media.id3_frames import skip_tags
from djamms.media.mp4_atoms import Atom, atoms, box, children, content, find
from djamms.media.mp4_fragments import fragments_seconds
from djamms.media.mp4_tags import read_tags
from djamms.media.parsing import PARSER_ERRORS
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import RangedReader
from djamms.media.stream import DurationSource, Stream
from djamms.media.tags import Found

# mutagen has no types.
parse_mp4: Callable[[Any], Any] = MP4
CODECS = {
    b"mp4a": "aac",
    b"alac": "alac",
    b"fLaC": "flac",
    b"Opus": "opus",
    b".mp3": "mp3",
}
# mutagen's name of what an mp4a entry holds (ISO/IEC 14496-1 object types).
MP3_IN_MP4A = ("mp4a.69", "mp4a.6B", "mp4a.6b")
PROTECTED = (b"drms", b"drmi", b"enca", b"p608")
MAX_TRACKS = 32
MAX_TABLE_BYTES = 2 * 1024 * 1024
MAX_HEADER_BYTES = 64 * 1024
# A shorter or thinner sound than this is a lie of the index.
MIN_KBPS, MAX_KBPS = 0.5, 20_000
TOLERANCE = 0.02
MOOV_IN_ONE_READ = 2 * 1024 * 1024


class Sound(NamedTuple):
    """The audio track: what one needs of its headers. `sample_bytes` is 0 when it does not tell."""

    codec: str
    number: int
    media: Atom
    table: Atom
    description: Atom
    time_scale: int
    duration: int
    sample_bytes: int


def read_m4a(reader: RangedReader) -> tuple[Stream, Found]:
    top = list(top_level(reader))
    moov = next((atom for atom in top if atom.name == b"moov"), None)
    if moov is None:
        raise MediaError(Problem.UNREADABLE)
    if moov.size <= MOOV_IN_ONE_READ:
        content(reader, moov, moov.size)
    sound, has_video = audio_track(reader, moov)
    stream = read_mp4_stream(reader, top, moov, sound, ("video_track",) * has_video)
    return stream, read_tags(reader, moov)


def top_level(reader: RangedReader) -> Iterator[Atom]:
    """Up to the first `moof`: fragments have no end of atoms."""
    for atom in atoms(reader, skip_tags(reader), reader.size):
        yield atom
        if atom.name == b"moof":
            return


def audio_track(reader: RangedReader, moov: Atom) -> tuple[Sound, bool]:
    """The first track of sound that can be played, and whether there are moving pictures."""
    tracks = [atom for atom in children(reader, moov) if atom.name == b"trak"][:MAX_TRACKS]
    kinds = [handler(reader, track) for track in tracks]
    refused: MediaError | None = None
    for track, kind in zip(tracks, kinds, strict=True):
        try:
            if kind == b"soun":
                return sound_of(reader, track), b"vide" in kinds
        except MediaError as error:
            refused = refused or error
    raise refused or MediaError(Problem.NOT_AUDIO if kinds else Problem.UNREADABLE)


def handler(reader: RangedReader, track: Atom) -> bytes:
    return content(reader, find(reader, track, b"mdia", b"hdlr"), 12)[8:12]


def sound_of(reader: RangedReader, track: Atom) -> Sound:
    media = find(reader, track, b"mdia")
    table = find(reader, media, b"minf", b"stbl")
    description = find(reader, table, b"stsd")
    if media is None or table is None or description is None:
        raise MediaError(Problem.UNREADABLE)
    name = content(reader, description, 16)[12:16]
    if name in PROTECTED:
        raise MediaError(Problem.PROTECTED)
    if name not in CODECS:
        raise unsupported(f"{name.decode('latin-1').strip()} in MP4")
    head = content(reader, find(reader, track, b"tkhd"), 24)
    number = int.from_bytes(head[20:24] if head[:1] == b"\1" else head[12:16])
    header = content(reader, find(reader, media, b"mdhd"), 36)
    wide = header[:1] == b"\1"
    scale, duration = struct.unpack_from(">IQ" if wide else ">II", header, 20 if wide else 12)
    sizes = sample_bytes(content(reader, find(reader, table, b"stsz"), MAX_TABLE_BYTES))
    return Sound(CODECS[name], number, media, table, description, scale, duration, sizes)


def sample_bytes(table: bytes) -> int:
    """The sum of a table of sizes."""
    usual, count = int.from_bytes(table[4:8]), int.from_bytes(table[8:12])
    sizes = table[12 : 12 + 4 * count]
    return usual * count or sum(size for (size,) in struct.iter_unpack(">I", sizes))


def read_mp4_stream(
    reader: RangedReader, top: list[Atom], moov: Atom, sound: Sound, warnings: tuple[str, ...]
) -> Stream:
    if not sound.time_scale:
        raise MediaError(Problem.NO_DURATION)
    there = sum(min(a.end, reader.size) - a.start for a in top if a.name == b"mdat")
    seconds, source = index_seconds(reader, sound, there), DurationSource.HEADER
    sound_bytes = min(there, sound.sample_bytes or there)
    if fragments := [atom for atom in top if atom.name == b"moof"]:
        seconds += fragments_seconds(reader, fragments[0], moov, sound.number) / sound.time_scale
        source, sound_bytes = DurationSource.FRAMES, reader.size - moov.size
    elif there < sound.sample_bytes * (1 - TOLERANCE):
        seconds, source = seconds * there / sound.sample_bytes, DurationSource.SAMPLED
        warnings = (*warnings, "truncated")
    if not seconds:
        raise MediaError(Problem.NO_DURATION)
    info = described(reader, sound)
    return Stream(
        AudioFormat.M4A,
        "mp3" if getattr(info, "codec", "") in MP3_IN_MP4A else sound.codec,
        seconds,
        source,
        round(sound_bytes / 125 / seconds),
        getattr(info, "sample_rate", 0),
        getattr(info, "channels", 0),
        bits_per_sample=getattr(info, "bits_per_sample", 0) or None,
        warnings=warnings,
    )


def index_seconds(reader: RangedReader, sound: Sound, media_bytes: int) -> float:
    """The sum of all samples; the header's word where that makes no sense."""
    table = content(reader, find(reader, sound.table, b"stts"), MAX_TABLE_BYTES)[8:]
    entries = struct.iter_unpack(">II", table[: len(table) // 8 * 8])
    counted = sum(count * delta for count, delta in entries)
    for units in (counted, sound.duration):
        seconds = units / sound.time_scale
        if seconds and MIN_KBPS <= (sound.sample_bytes or media_bytes) / 125 / seconds <= MAX_KBPS:
            return seconds if media_bytes else 0.0
    return 0.0


def described(reader: RangedReader, sound: Sound) -> Any:
    """mutagen's word on the codec, from the headers alone; None when it cannot tell."""
    parts = [
        box(name, content(reader, find(reader, sound.media, name), MAX_HEADER_BYTES))
        for name in (b"hdlr", b"mdhd")
    ]
    table = box(b"stsd", content(reader, sound.description, MAX_HEADER_BYTES))
    parts.append(box(b"minf", box(b"stbl", table)))
    slim = box(b"moov", box(b"trak", box(b"mdia", b"".join(parts))))
    try:
        return parse_mp4(io.BytesIO(slim)).info
    except PARSER_ERRORS:
        return None
