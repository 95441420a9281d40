"""Real small audio files, encoded with PyAV and tagged with mutagen; nobody's music.

As a command it fills a folder for imports and benchmarks, a thousand files in seconds:

    python -m tests.support.audio DIR --count 1000 [--artwork] [--seconds 10] [--flac 0.2]

The same arguments give the same bytes.
"""

import argparse
import array
import io
import math
import random
import sys
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
from mutagen import flac, id3

from tests.support.pictures import cover

RATE = 44_100
VBR = {"flags": "+qscale", "global_quality": str(4 * 118)}
BARE = {"write_xing": "0", "id3v2_version": "0"}

type Tags = Mapping[str, str | list[str]]

parse_flac: Callable[[Any], Any] = flac.FLAC
new_id3: Callable[[], Any] = id3.ID3
new_picture: Callable[[], Any] = flac.Picture
new_frame: Mapping[str, Callable[..., Any]] = id3.Frames


@cache
def one_second(rate: int) -> bytes:
    """Stereo s16: a tone, with noise in its second half so that a VBR encoder must vary."""
    noise = random.Random(1)
    samples = array.array("h")
    for index in range(rate):
        value = 0.3 * math.sin(2 * math.pi * 440 * index / rate)
        if 2 * index >= rate:
            value += noise.uniform(-0.5, 0.5)
        samples.extend([int(value * 20_000)] * 2)
    return samples.tobytes()


def pcm(seconds: float, rate: int) -> bytes:
    return (one_second(rate) * math.ceil(seconds))[: 4 * int(seconds * rate)]


@cache
def encode(
    container: str,
    codec: str,
    *,
    seconds: float = 2,
    rate: int = RATE,
    kbps: int | None = None,
    options: Iterable[tuple[str, str]] = (),
    muxing: Iterable[tuple[str, str]] = (),
) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=container, options=dict(muxing)) as file:
        stream: Any = file.add_stream(codec, rate=rate, options=dict(options))
        stream.layout = "stereo"
        if kbps:
            stream.bit_rate = kbps * 1000
        sound = pcm(seconds, rate)
        frame = av.AudioFrame(format="s16", layout="stereo", samples=len(sound) // 4)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        frame.planes[0].update(sound)
        for piece in (frame, None):
            file.mux(stream.encode(piece))
    return out.getvalue()


def mp3(
    tags: Tags | None = None,
    *,
    seconds: float = 2,
    kbps: int = 128,
    vbr: bool = False,
    xing: bool = True,
    **tagging: Any,
) -> bytes:
    """MP3. `vbr` without `xing` has no header that tells its length."""
    audio = encode(
        "mp3",
        "libmp3lame",
        seconds=seconds,
        kbps=None if vbr else kbps,
        options=tuple(VBR.items()) if vbr else (),
        muxing=tuple((BARE if not xing else BARE | {"write_xing": "1"}).items()),
    )
    return tag_mp3(audio, tags or {}, **tagging)


def tag_mp3(
    audio: bytes,
    tags: Tags,
    *,
    pictures: Iterable[bytes] = (),
    version: int = 4,
    v1_only: bool = False,
    encoding: int = 3,
) -> bytes:
    """`tags` by frame id; 'TXXX:name' for user-defined ones. Version 3 or 4 of ID3v2."""
    if not tags and not pictures:
        return audio
    tag = new_id3()
    for name, value in tags.items():
        frame_id, _, description = name.partition(":")
        named = {"desc": description} if description else {}
        tag.add(new_frame[frame_id](encoding=encoding, text=value, **named))
    for place, data in enumerate(pictures):
        kind = 3 if place == 0 else 4
        tag.add(
            new_frame["APIC"](encoding=3, mime="image/jpeg", type=kind, desc=str(place), data=data)
        )
    if version == 3:
        tag.update_to_v23()
    out = io.BytesIO(audio)
    tag.save(out, v2_version=version, v1=2 if v1_only else 0, padding=lambda _: 256)
    whole = out.getvalue()
    return audio + whole[-128:] if v1_only else whole


def make_flac(
    tags: Tags | None = None,
    *,
    seconds: float = 2,
    pictures: Iterable[bytes] = (),
    total_samples: int | None = None,
) -> bytes:
    """FLAC. `total_samples` overwrites what STREAMINFO says: 0 as a streamed file has it."""
    out = io.BytesIO(encode("flac", "flac", seconds=seconds))
    file = parse_flac(out)
    for name, value in (tags or {}).items():
        file[name] = value
    for data in pictures:
        picture = new_picture()
        picture.data, picture.type, picture.mime = data, 3, "image/jpeg"
        file.add_picture(picture)
    if total_samples is not None:
        file.info.total_samples = total_samples
    out.seek(0)
    file.save(out)
    return out.getvalue()


WORDS = (
    *("Amber", "Blue", "Cedar", "Delta", "Ember", "Falling", "Golden", "Harbor", "Indigo"),
    *("Jade", "Karma", "Lunar", "Midnight", "Neon", "Ocean", "Paper", "Quiet", "River"),
    *("Silver", "Tender", "Urban", "Velvet", "Winter", "Yellow", "Zenith"),
)
GENRES = ("Rock", "Pop", "Jazz", "Electronic", "Hip Hop", "Classical", "Folk", "Soul")


def numbered_tags(number: int) -> dict[str, str]:
    """The tags of file `number`: ten tracks to an album, three albums to an artist."""
    choose = random.Random(number)
    album, artist = number // 10, number // 30
    title = " ".join(choose.sample(WORDS, 2))
    return {
        "TIT2": f"{title} {number}",
        "TPE1": f"The {WORDS[artist % len(WORDS)]} Band {artist}",
        "TALB": f"{WORDS[album % len(WORDS)]} Nights {album}",
        "TCON": GENRES[artist % len(GENRES)],
        "TDRC": str(1960 + album % 65),
        "TRCK": f"{number % 10 + 1}/10",
    }


VORBIS_NAMES = {
    "TIT2": "title",
    "TPE1": "artist",
    "TALB": "album",
    "TCON": "genre",
    "TDRC": "date",
    "TRCK": "tracknumber",
}


def numbered_file(
    number: int, *, seconds: float = 10, artwork: bool = False, as_flac: bool = False
) -> bytes:
    tags = numbered_tags(number)
    pictures = [cover(hue=number // 10 % 24 / 24)] if artwork else []
    if as_flac:
        named = {VORBIS_NAMES[name]: value for name, value in tags.items()}
        return make_flac(named, seconds=seconds, pictures=pictures)
    return mp3(tags, seconds=seconds, pictures=pictures)


def fill(
    folder: Path, count: int, *, seconds: float = 10, artwork: bool = False, flac_share: float = 0
) -> None:
    """`count` files in folders of a hundred."""
    for number in range(count):
        as_flac = number % 100 < flac_share * 100
        path = folder / f"{number // 100:03}" / f"{number:06}.{'flac' if as_flac else 'mp3'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(numbered_file(number, seconds=seconds, artwork=artwork, as_flac=as_flac))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description="Fill a folder with small tagged audio files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--artwork", action="store_true", help="with a cover in each file")
    parser.add_argument("--flac", type=float, default=0, metavar="SHARE", help="0 to 1")
    chosen = parser.parse_args(arguments)
    fill(
        chosen.folder,
        chosen.count,
        seconds=chosen.seconds,
        artwork=chosen.artwork,
        flac_share=chosen.flac,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
