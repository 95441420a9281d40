"""The files that are damaged: small ones of every format and of every kind of tag."""

from collections.abc import Mapping
from functools import cache

from tests.support import audio, containers, pictures
from tests.support.encode import encode

SMALL = pictures.cover(size=(64, 64))
SMALL_PNG = pictures.cover("PNG", size=(64, 64))
ID3: audio.Tags = {
    "TIT2": "Blå tåg",
    "TPE1": ["Ada", "Grace"],
    "TALB": "Rails",
    "TCON": ["17", "hip-hop"],
    "TDRC": "2001-02-03",
    "TRCK": "3/12",
    "TPOS": "1/2",
    "TSRC": "USS1Z9900001",
    "TBPM": "128",
    "TKEY": "Am",
    "TXXX:mood": "blue",
}
VORBIS: audio.Tags = {
    "title": "Blå tåg",
    "artist": ["Ada", "Grace"],
    "album": "Rails",
    "genre": "jazz",
    "date": "2001-02-03",
    "tracknumber": "3/12",
    "isrc": "USS1Z9900001",
    "bpm": "128",
}
MP4: Mapping[str, object] = {
    "\xa9nam": "Blå tåg",
    "\xa9ART": ["Ada", "Grace"],
    "\xa9alb": "Rails",
    "\xa9gen": "jazz",
    "\xa9day": "2001",
    "trkn": [(3, 12)],
    "disk": [(1, 2)],
    "tmpo": [128],
    "rtng": [1],
    "----:com.apple.iTunes:ISRC": [b"USS1Z9900001"],
    "----:com.apple.iTunes:LABEL": [b"One", b"Two"],
}
INFO = ((b"INAM", b"Sky"), (b"IART", b"Ada;Grace"), (b"ICRD", b"2001"), (b"IGNR", b"Jazz"))
# What fits no column, breaks careless text, or means nothing.
LONG = "Lång 東京 " * 800
EVIL = "nul\0 bell\a \u202eovert \ufeff\ud7ff\uffff\x9f"
ABSURD_ID3: audio.Tags = {
    "TIT2": LONG,
    "TPE1": [f"{EVIL}{number}" for number in range(300)],
    "TALB": EVIL,
    "TCON": [LONG, "(((", "(17)(999)"],
    "TDRC": "99999-99-99",
    "TRCK": "99999/-3",
    "TPOS": "65536",
    "TBPM": "1e308",
    "TKEY": LONG,
    "TSRC": EVIL,
    "TPUB": LONG,
    "TCOM": [LONG, EVIL],
    f"TXXX:{LONG}": LONG,
}
ABSURD_VORBIS: audio.Tags = {
    "title": LONG,
    "artist": [f"{EVIL}{number}" for number in range(300)],
    "album": EVIL,
    "genre": [LONG, EVIL],
    "date": "0000-00-00 99999 2999",
    "tracknumber": "32768/99999",
    "discnumber": "9" * 500,
    "bpm": "999.999.999",
    "key": LONG,
    "label": [LONG] * 40,
    "x" * 900: LONG,
}
ABSURD_MP4: Mapping[str, object] = {
    "\xa9nam": LONG,
    "\xa9ART": [f"{EVIL}{number}" for number in range(300)],
    "\xa9gen": EVIL,
    "\xa9day": "99999",
    "trkn": [(65535, 65535)],
    "disk": [(40000, 1)],
    "tmpo": [2**62],
    "rtng": [-1],
    "----:com.apple.iTunes:LABEL": [LONG.encode(), EVIL.encode("utf-8", "replace"), b"\xff\xfe"],
    f"----:{'y' * 900}:{'z' * 900}": [LONG.encode()],
}
COVERS = [(SMALL, "JPEG"), (SMALL_PNG, "PNG")]


@cache
def seeds() -> dict[str, bytes]:
    """By name; the first word is the format."""
    flat = encode("wav", "pcm_s16le", seconds=0.3)
    return {
        "mp3 id3v2.4": audio.mp3(ID3, seconds=1, pictures=[SMALL]),
        "mp3 id3v2.3": audio.mp3(ID3, seconds=1, version=3, encoding=1),
        "mp3 id3v1": audio.mp3(ID3, seconds=1, v1_only=True),
        "mp3 vbr": audio.mp3(seconds=1, vbr=True, xing=False),
        "mp3 ape": audio.tag_ape(
            audio.mp3(seconds=1), {"Title": "Sky", "Artist": "Ada", "Year": "2001"}, front=SMALL
        ),
        "flac": audio.make_flac(VORBIS, seconds=0.5, pictures=[SMALL]),
        "flac streamed": audio.make_flac(VORBIS, seconds=0.5, total_samples=0),
        "wav id3": audio.wav(ID3, seconds=0.3, texts=INFO, pictures=[SMALL]),
        "wav info": audio.wav(seconds=0.3, texts=INFO),
        "wav adpcm": audio.wav(seconds=0.5, codec="adpcm_ima_wav", texts=INFO),
        "wav rf64": encode("wav", "pcm_s16le", seconds=0.3, muxing=(("rf64", "always"),)),
        "wav streamed": flat.replace(flat[4:8], b"\xff" * 4),
        "m4a": audio.m4a(MP4, seconds=1, covers=COVERS),
        "m4a first": audio.m4a(MP4, seconds=1, covers=COVERS, moov_first=True),
        "m4a fragments": audio.m4a(seconds=2, fragmented=True),
        "m4a alac": audio.m4a(MP4, seconds=0.3, codec="alac"),
        "aac": audio.adts(seconds=1),
        "aac id3": audio.adts(ID3, seconds=1, pictures=[SMALL]),
        "ogg vorbis": audio.ogg(VORBIS, seconds=1, pictures=[SMALL]),
        "ogg opus": audio.ogg(VORBIS, codec="libopus", seconds=1, pictures=[SMALL_PNG]),
        "ogg flac": audio.ogg(VORBIS, codec="flac", seconds=0.5),
        "ogg chained": audio.ogg(VORBIS, seconds=0.5) + audio.ogg(codec="libopus", seconds=0.5),
        "mp3 absurd": audio.mp3(ABSURD_ID3, seconds=1),
        "flac absurd": audio.make_flac(ABSURD_VORBIS, seconds=0.3),
        "m4a absurd": audio.m4a(ABSURD_MP4, seconds=1),
        "ogg absurd": audio.ogg(ABSURD_VORBIS, codec="libopus", seconds=1),
        "wav absurd": containers.riff(
            containers.wave_format(channels=60, rate=0xFFFF_FFFF, bits=32),
            containers.info(*((name, LONG.encode()) for name, _ in INFO)),
            containers.chunk(b"data", bytes(99_999)),
        ),
        "ogg broadcast": containers.shift_granules(audio.ogg(VORBIS, seconds=1), 10**7),
    }
