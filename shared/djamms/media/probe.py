"""One uploaded file read: what it is, how long it plays, what its tags say, its cover."""

from collections.abc import Callable
from dataclasses import dataclass

from djamms.media.aac import read_aac
from djamms.media.flac import read_flac
from djamms.media.formats import AudioFormat, sniff
from djamms.media.mp3 import read_mp3
from djamms.media.mp4 import read_m4a
from djamms.media.ogg import read_ogg
from djamms.media.parsing import PARSER_ERRORS
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import BudgetExceeded, RangedReader
from djamms.media.stream import Stream
from djamms.media.tags import Found, Picture, TrackTags, build_tags
from djamms.media.wav import read_wav

FRONT_COVER, FILE_ICON, OTHER_ICON = 3, 1, 2
MAX_COVERS = 3


@dataclass(frozen=True, slots=True)
class Probe:
    stream: Stream
    tags: TrackTags
    # The best first: the next one stands in for one that turns out to be broken.
    covers: tuple[Picture, ...]
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
        covers=best_covers(found.pictures),
        warnings=stream.warnings + found.warnings,
    )


def best_covers(pictures: list[Picture]) -> tuple[Picture, ...]:
    """The front cover, then the others in their order, icons last."""
    ranks = {FRONT_COVER: 0, FILE_ICON: 2, OTHER_ICON: 2}
    filled = [picture for picture in pictures if picture.data]
    return tuple(sorted(filled, key=lambda picture: ranks.get(picture.kind, 1))[:MAX_COVERS])


READERS: dict[AudioFormat, Callable[[RangedReader], tuple[Stream, Found]]] = {
    AudioFormat.MP3: read_mp3,
    AudioFormat.FLAC: read_flac,
    AudioFormat.WAV: read_wav,
    AudioFormat.M4A: read_m4a,
    AudioFormat.AAC: read_aac,
    AudioFormat.OGG: read_ogg,
}
