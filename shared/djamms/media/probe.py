"""One uploaded file read: what it is, how long it plays, what its tags say, its cover."""

from collections.abc import Callable
from dataclasses import dataclass

from djamms.media import vorbis
from djamms.media.flac import open_flac, read_flac_stream
from djamms.media.formats import AudioFormat, sniff
from djamms.media.id3 import read_id3
from djamms.media.mp3 import read_mp3_stream
from djamms.media.parsing import PARSER_ERRORS
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import BudgetExceeded, RangedReader
from djamms.media.stream import Stream
from djamms.media.tags import Found, Picture, TrackTags, build_tags

FRONT_COVER = 3


@dataclass(frozen=True, slots=True)
class Probe:
    stream: Stream
    tags: TrackTags
    cover: Picture | None
    warnings: tuple[str, ...]


def probe(reader: RangedReader, *, filename: str) -> Probe:
    """Raises MediaError when the file is at fault, the source's own error when the storage is."""
    try:
        stream, found = READERS[sniff(reader)](reader)
    except (*PARSER_ERRORS, BudgetExceeded) as error:
        raise reader.failure or MediaError(Problem.UNREADABLE) from error
    if reader.failure:
        raise reader.failure
    return Probe(
        stream=stream,
        tags=build_tags(found, filename),
        cover=front_cover(found.pictures),
        warnings=stream.warnings + found.warnings,
    )


def read_mp3(reader: RangedReader) -> tuple[Stream, Found]:
    found = read_id3(reader)
    return read_mp3_stream(reader), found


def read_flac(reader: RangedReader) -> tuple[Stream, Found]:
    flac, warnings = open_flac(reader)
    found = vorbis.collect(flac.tags)
    found.pictures = [Picture(picture.data, int(picture.type)) for picture in flac.pictures]
    return read_flac_stream(reader, flac.info, warnings), found


def front_cover(pictures: list[Picture]) -> Picture | None:
    """The front cover, else the first picture."""
    filled = [picture for picture in pictures if picture.data]
    return next((p for p in filled if p.kind == FRONT_COVER), filled[0] if filled else None)


READERS: dict[AudioFormat, Callable[[RangedReader], tuple[Stream, Found]]] = {
    AudioFormat.MP3: read_mp3,
    AudioFormat.FLAC: read_flac,
}
