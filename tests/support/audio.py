"""Real small audio files of every format, and folders full of them.

As a command it fills a folder for imports and benchmarks, a thousand files in seconds:

    python -m tests.support.audio DIR --count 1000 [--artwork] [--seconds 10] [--flac 0.2]
    python -m tests.support.audio DIR --count 1000 --mixed

The same arguments give the same bytes.
"""

import argparse
import random
import sys
from pathlib import Path
from typing import Any

from tests.support.encode import encode
from tests.support.pictures import cover
from tests.support.tagged import Tags, adts, m4a, make_flac, mp3, ogg, tag_ape, tag_mp3, wav

__all__ = [
    "FORMATS",
    "Tags",
    "adts",
    "encode",
    "fill",
    "m4a",
    "make_flac",
    "mp3",
    "numbered_file",
    "ogg",
    "tag_ape",
    "tag_mp3",
    "wav",
]

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
MP4_NAMES = {
    "TIT2": "\xa9nam",
    "TPE1": "\xa9ART",
    "TALB": "\xa9alb",
    "TCON": "\xa9gen",
    "TDRC": "\xa9day",
}
# In the order in which a mixed folder takes them; the extension of each.
FORMATS = {
    "mp3": "mp3",
    "flac": "flac",
    "m4a": "m4a",
    "vorbis": "ogg",
    "wav": "wav",
    "opus": "opus",
    "adts": "aac",
    "alac": "m4a",
}


def numbered_file(
    number: int,
    *,
    seconds: float = 10,
    artwork: bool = False,
    as_flac: bool = False,
    kind: str = "mp3",
) -> bytes:
    """File `number` in one of FORMATS; `as_flac` says the same as kind="flac"."""
    tags = numbered_tags(number)
    pictures = [cover(hue=number // 10 % 24 / 24)] if artwork else []
    match "flac" if as_flac else kind:
        case "mp3":
            return mp3(tags, seconds=seconds, pictures=pictures)
        case "adts":
            return adts(tags, seconds=seconds, pictures=pictures)
        case "wav":
            return wav(tags, seconds=seconds, pictures=pictures)
        case "flac":
            return make_flac(renamed(tags, VORBIS_NAMES), seconds=seconds, pictures=pictures)
        case "m4a" | "alac" as codec:
            named = renamed(tags, MP4_NAMES) | {"trkn": [(number % 10 + 1, 10)]}
            covers = [(picture, "JPEG") for picture in pictures]
            codec = "aac" if codec == "m4a" else codec
            return m4a(named, seconds=seconds, codec=codec, covers=covers)
        case codec:
            named = renamed(tags, VORBIS_NAMES)
            codec = "libopus" if codec == "opus" else codec
            return ogg(named, codec=codec, seconds=seconds, pictures=pictures)


def renamed(tags: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    return {names[name]: value for name, value in tags.items() if name in names}


def fill(
    folder: Path,
    count: int,
    *,
    seconds: float = 10,
    artwork: bool = False,
    flac_share: float = 0,
    mixed: bool = False,
) -> None:
    """`count` files in folders of a hundred; `mixed` takes every format in turn."""
    for number in range(count):
        kind = "flac" if number % 100 < flac_share * 100 else "mp3"
        if mixed:
            kind = list(FORMATS)[number % len(FORMATS)]
        path = folder / f"{number // 100:03}" / f"{number:06}.{FORMATS[kind]}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(numbered_file(number, seconds=seconds, artwork=artwork, kind=kind))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description="Fill a folder with small tagged audio files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--artwork", action="store_true", help="with a cover in each file")
    parser.add_argument("--flac", type=float, default=0, metavar="SHARE", help="0 to 1")
    parser.add_argument("--mixed", action="store_true", help="every format in turn")
    chosen = parser.parse_args(arguments)
    fill(
        chosen.folder,
        chosen.count,
        seconds=chosen.seconds,
        artwork=chosen.artwork,
        flac_share=chosen.flac,
        mixed=chosen.mixed,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
