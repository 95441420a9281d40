"""Which audio this is, told by its bytes and never by its name."""

from enum import StrEnum

from djamms.media.adts import ADTS
from djamms.media.id3_frames import skip_tags
from djamms.media.mpeg import MPEG, OTHER_MPEG
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import RangedReader
from djamms.media.walk import FrameKind, find_sync


class AudioFormat(StrEnum):
    """The value is also the extension of the stored object."""

    MP3 = "mp3"
    FLAC = "flac"
    WAV = "wav"
    M4A = "m4a"
    AAC = "aac"
    OGG = "ogg"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self]


CONTENT_TYPES = {
    AudioFormat.MP3: "audio/mpeg",
    AudioFormat.FLAC: "audio/flac",
    AudioFormat.WAV: "audio/wav",
    AudioFormat.M4A: "audio/mp4",
    AudioFormat.AAC: "audio/aac",
    AudioFormat.OGG: "audio/ogg",
}
USABLE = "MP3, FLAC, WAV, AAC (M4A or ADTS) and OGG (Vorbis or Opus)"

# (offset, bytes, format)
MAGIC = (
    (0, b"fLaC", AudioFormat.FLAC),
    (0, b"OggS", AudioFormat.OGG),
    (8, b"WAVE", AudioFormat.WAV),
    *((4, name, AudioFormat.M4A) for name in (b"ftyp", b"styp", b"moov")),
)
# Audio that is recognised in order to say which audio it is.
OTHER_AUDIO = (
    (8, b"AIFF", "AIFF"),
    (8, b"AIFC", "AIFF"),
    (8, b"RMP3", "RMP3"),
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
    (0, b"riff\x2e\x91\xcf\x11", "Wave64"),
    (0, b"ADIF", "AAC in ADIF"),
    (0, b"\x56\xe0", "AAC in LATM"),
    (0, b"TTA1", "True Audio"),
    (0, b"MPCK", "Musepack"),
    (0, b"MP+", "Musepack"),
)
# Wave files, also of more than 4 GB.
RIFFS = (b"RIFF", b"RF64", b"BW64")

FRAMED = {MPEG: AudioFormat.MP3, ADTS: AudioFormat.AAC}

# How far behind the tags the first frame may lie: some taggers pad, or declare too short a tag.
# The first window is small so that it costs no second request.
SYNC_WINDOWS_BYTES = (8 * 1024, 64 * 1024, 1024 * 1024)


def sniff(reader: RangedReader) -> AudioFormat:
    """Raises MediaError: empty_file, unsupported_format or not_audio."""
    if reader.size == 0:
        raise MediaError(Problem.EMPTY_FILE)
    start = skip_tags(reader)
    head = reader.read_at(start, 16)
    for offset, magic, audio_format in MAGIC:
        if head[offset:].startswith(magic) and (offset != 8 or head.startswith(RIFFS)):
            return audio_format
    for offset, magic, name in OTHER_AUDIO:
        if head[offset:].startswith(magic):
            raise unsupported(name)
    if (found := first_frame(reader, MPEG, ADTS)) is not None:
        return FRAMED[found[0]]
    # Asked for last: what was one of the others so far stays what it was.
    if first_frame(reader, OTHER_MPEG) is not None:
        raise unsupported("MPEG layer I or II (MP2)")
    # Tags without audio behind them: what followed was cut off, or never was audio.
    raise MediaError(Problem.UNREADABLE if start else Problem.NOT_AUDIO)


def first_frame(reader: RangedReader, *kinds: FrameKind) -> tuple[FrameKind, int] | None:
    """Where a stream without a container begins, and of which kind it is."""
    start = skip_tags(reader)
    for window in SYNC_WINDOWS_BYTES if start else SYNC_WINDOWS_BYTES[:2]:
        data = reader.read_at(start, window)
        places = [(at, kind) for kind in kinds if (at := find_sync(data, kind)) is not None]
        if places:
            at, kind = min(places, key=lambda place: place[0])
            return kind, start + at
    return None


def unsupported(name: str) -> MediaError:
    return MediaError(
        Problem.UNSUPPORTED_FORMAT, f"This is {name} audio. What can be used is {USABLE}."
    )
