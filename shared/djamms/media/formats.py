"""Which audio this is, told by its bytes and never by its name."""

from enum import StrEnum

from djamms.media.mpeg import MPEG, looks_like_adts
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import RangedReader
from djamms.media.walk import find_sync


class AudioFormat(StrEnum):
    """The value is also the extension of the stored object."""

    MP3 = "mp3"
    FLAC = "flac"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self]


CONTENT_TYPES = {
    AudioFormat.MP3: "audio/mpeg",
    AudioFormat.FLAC: "audio/flac",
}

# (offset, bytes, name): audio that is recognised in order to say which audio it is.
OTHER_AUDIO = (
    (8, b"WAVE", "WAV"),
    (4, b"ftyp", "M4A"),
    (0, b"OggS", "OGG"),
    (8, b"AIFF", "AIFF"),
    (8, b"AIFC", "AIFF"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "WMA"),
    (0, b"MAC ", "Monkey's Audio"),
    (0, b"wvpk", "WavPack"),
    (0, b"\x1a\x45\xdf\xa3", "Matroska or WebM"),
    (0, b"MThd", "MIDI"),
    (0, b"DSD ", "DSD"),
    (0, b"FRM8", "DSD"),
    (0, b"#!AMR", "AMR"),
    (0, b"\x0b\x77", "AC-3"),
    (0, b"caff", "CAF"),
    (0, b"TTA1", "True Audio"),
    (0, b"MPCK", "Musepack"),
    (0, b"MP+", "Musepack"),
)

# How far behind the tags the first frame may lie: some taggers pad, or declare too short a tag.
# The first window is small so that it costs no second request.
SYNC_WINDOWS_BYTES = (8 * 1024, 64 * 1024, 1024 * 1024)
MAX_STACKED_TAGS = 16


def sniff(reader: RangedReader) -> AudioFormat:
    """Raises MediaError: empty_file, unsupported_format or not_audio."""
    if reader.size == 0:
        raise MediaError(Problem.EMPTY_FILE)
    start = skip_id3(reader)
    head = reader.read_at(start, 16)
    if head.startswith(b"fLaC"):
        return AudioFormat.FLAC
    for offset, magic, name in OTHER_AUDIO:
        if head[offset:].startswith(magic):
            raise unsupported(name)
    if looks_like_adts(head):
        raise unsupported("AAC")
    if mpeg_start(reader) is not None:
        return AudioFormat.MP3
    # Tags without audio behind them: what followed was cut off, or never was audio.
    raise MediaError(Problem.UNREADABLE if start else Problem.NOT_AUDIO)


def mpeg_start(reader: RangedReader) -> int | None:
    """Offset of the first MPEG audio frame."""
    start = skip_id3(reader)
    for window in SYNC_WINDOWS_BYTES if start else SYNC_WINDOWS_BYTES[:2]:
        if (found := find_sync(reader.read_at(start, window), MPEG)) is not None:
            return start + found
    return None


def unsupported(name: str) -> MediaError:
    return MediaError(
        Problem.UNSUPPORTED_FORMAT, f"This is {name} audio. Only MP3 and FLAC can be used."
    )


def skip_id3(reader: RangedReader) -> int:
    """Where the audio begins: behind all ID3v2 tags (Windows Media Player stacks several)."""
    start = 0
    for _ in range(MAX_STACKED_TAGS):
        header = reader.read_at(start, 10)
        if len(header) < 10 or not header.startswith(b"ID3"):
            break
        # Four bytes of seven bits each; a footer repeats the header.
        length = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(header[9:5:-1]))
        start += 10 + length + (10 if header[5] & 0x10 else 0)
    return start
