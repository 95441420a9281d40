"""Audio of every format with tags, the tags written by mutagen."""

import base64
import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mutagen import apev2, flac, id3, mp4, oggflac, oggopus, oggvorbis, wave

from tests.support.containers import index_first, info
from tests.support.encode import EXPERIMENTAL, encode

VBR = {"flags": "+qscale", "global_quality": str(4 * 118)}
BARE = {"write_xing": "0", "id3v2_version": "0"}
FRAGMENTED = (("movflags", "frag_keyframe+empty_moov"), ("frag_duration", "500000"))

type Tags = Mapping[str, str | list[str]]

# mutagen has no types.
parse_flac: Callable[[Any], Any] = flac.FLAC
parse_mp4: Callable[[Any], Any] = mp4.MP4
parse_wave: Callable[[Any], Any] = wave.WAVE
new_id3: Callable[[], Any] = id3.ID3
new_ape: Callable[[], Any] = apev2.APEv2
new_picture: Callable[[], Any] = flac.Picture
new_cover: Callable[..., Any] = mp4.MP4Cover
new_ape_value: Callable[..., Any] = apev2.APEValue
new_frame: Mapping[str, Callable[..., Any]] = id3.Frames
OGG_PARSERS: Mapping[str, Callable[[Any], Any]] = {
    "vorbis": oggvorbis.OggVorbis,
    "libopus": oggopus.OggOpus,
    "flac": oggflac.OggFLAC,
}


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
    tag = id3_tag(tags, pictures, encoding)
    if version == 3:
        tag.update_to_v23()
    out = io.BytesIO(audio)
    tag.save(out, v2_version=version, v1=2 if v1_only else 0, padding=lambda _: 256)
    whole = out.getvalue()
    return audio + whole[-128:] if v1_only else whole


def id3_tag(tags: Tags, pictures: Iterable[bytes] = (), encoding: int = 3) -> Any:
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
    return tag


def tag_ape(audio: bytes, tags: Tags, *, front: bytes | None = None) -> bytes:
    """With an APEv2 tag at the end."""
    tag = new_ape()
    for name, value in tags.items():
        tag[name] = value
    if front is not None:
        tag["Cover Art (Front)"] = new_ape_value(b"cover.jpg\0" + front, apev2.BINARY)
    out = io.BytesIO(audio)
    tag.save(out)
    return out.getvalue()


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
        file.add_picture(picture_block(data))
    if total_samples is not None:
        file.info.total_samples = total_samples
    return saved(file, out)


def picture_block(data: bytes, kind: int = 3) -> Any:
    picture = new_picture()
    picture.data, picture.type, picture.mime = data, kind, "image/jpeg"
    return picture


def wav(
    tags: Tags | None = None,
    *,
    seconds: float = 2,
    codec: str = "pcm_s16le",
    texts: Iterable[tuple[bytes, bytes]] = (),
    pictures: Iterable[bytes] = (),
) -> bytes:
    """WAV: `tags` and pictures in an id3 chunk, `texts` in a LIST INFO chunk."""
    audio = encode("wav", codec, seconds=seconds)
    if texts:
        body = audio[8:] + info(*texts)
        audio = b"RIFF" + len(body).to_bytes(4, "little") + body
    if not tags and not pictures:
        return audio
    out = io.BytesIO(audio)
    file = parse_wave(out)
    file.add_tags()
    for frame in id3_tag(tags or {}, pictures).values():
        file.tags.add(frame)
    return saved(file, out)


def m4a(
    tags: Mapping[str, Any] | None = None,
    *,
    seconds: float = 2,
    codec: str = "aac",
    kbps: int | None = 128,
    covers: Iterable[tuple[bytes, str]] = (),
    moov_first: bool = False,
    fragmented: bool = False,
) -> bytes:
    """MP4 with sound; `covers` are (picture, 'JPEG' or 'PNG')."""
    audio = encode(
        "mp4" if fragmented else "ipod",
        codec,
        seconds=seconds,
        kbps=kbps if codec == "aac" else None,
        muxing=FRAGMENTED if fragmented else (),
    )
    if tags or covers:
        out = io.BytesIO(audio)
        file = parse_mp4(out)
        for name, value in (tags or {}).items():
            file[name] = value
        kinds = {"JPEG": mp4.MP4Cover.FORMAT_JPEG, "PNG": mp4.MP4Cover.FORMAT_PNG}
        if covers:
            file["covr"] = [new_cover(data, kinds[kind]) for data, kind in covers]
        audio = saved(file, out)
    return index_first(audio) if moov_first else audio


def adts(tags: Tags | None = None, *, seconds: float = 2, **tagging: Any) -> bytes:
    """Raw AAC, with an ID3v2 tag before it if there are tags."""
    return tag_mp3(encode("adts", "aac", seconds=seconds, kbps=128), tags or {}, **tagging)


def ogg(
    tags: Tags | None = None,
    *,
    codec: str = "vorbis",
    seconds: float = 2,
    pictures: Iterable[bytes] = (),
) -> bytes:
    """Ogg with 'vorbis', 'libopus' or 'flac'."""
    rate = 48_000 if codec == "libopus" else 44_100
    options = EXPERIMENTAL if codec == "vorbis" else ()
    audio = encode("ogg", codec, seconds=seconds, rate=rate, options=options)
    if not tags and not pictures:
        return audio
    out = io.BytesIO(audio)
    file = OGG_PARSERS[codec](out)
    for name, value in (tags or {}).items():
        file[name] = value
    if pictures:
        blocks = [picture_block(data).write() for data in pictures]
        file["metadata_block_picture"] = [base64.b64encode(block).decode() for block in blocks]
    return saved(file, out)


def saved(file: Any, out: io.BytesIO) -> bytes:
    out.seek(0)
    file.save(out)
    return out.getvalue()
