"""WAV: how long its samples play, and tags in LIST INFO and id3 chunks."""

import struct
from typing import NamedTuple

from djamms.media.charset import decode
from djamms.media.formats import AudioFormat, unsupported
from djamms.media.id3 import read_id3
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import BudgetExceeded, RangedReader
from djamms.media.riff import DATA, Chunk, chunks, is_name
from djamms.media.stream import DurationSource, Stream
from djamms.media.tags import Field, Found

PCM, MS_ADPCM, FLOAT, A_LAW, MU_LAW, IMA_ADPCM, EXTENSIBLE = 1, 2, 3, 6, 7, 0x11, 0xFFFE
CODECS = {
    PCM: "pcm",
    MS_ADPCM: "adpcm_ms",
    FLOAT: "pcm_float",
    A_LAW: "pcm_alaw",
    MU_LAW: "pcm_mulaw",
    IMA_ADPCM: "adpcm_ima",
    0x31: "gsm",
    0x50: "mp2",
    0x55: "mp3",
    0xFF: "aac",
}
SAMPLED = (PCM, FLOAT, A_LAW, MU_LAW)
TOLERANCE = 0.02
MAX_INFO_BYTES = 256 * 1024
MAX_TEXTS = 256
INFO_FIELDS = {
    b"INAM": Field.TITLE,
    b"IART": Field.ARTIST,
    b"IPRD": Field.ALBUM,
    b"IGNR": Field.GENRE,
    b"ICRD": Field.DATE,
    b"ITRK": Field.TRACK,
    b"IPRT": Field.TRACK,
    b"IMUS": Field.COMPOSER,
    b"IPRO": Field.LABEL,
    b"IBPM": Field.BPM,
    b"ISRC": Field.ISRC,
}
SEVERAL = (b"IART", b"IGNR", b"IMUS")


class WaveFormat(NamedTuple):
    tag: int
    channels: int
    sample_rate: int
    bytes_per_second: int
    block_bytes: int
    bits_per_sample: int
    samples_per_block: int


def read_wav(reader: RangedReader) -> tuple[Stream, Found]:
    info, id3 = Found(), Found()
    head: dict[bytes, bytes] = {}
    data: Chunk | None = None
    for chunk in chunks(reader):
        if chunk.name == DATA:
            data = data or chunk
        elif chunk.name in (b"fmt ", b"fact"):
            head.setdefault(chunk.name, reader.read_at(chunk.at, min(chunk.size, 64)))
        elif chunk.name == b"LIST":
            info.fill(read_info(reader, chunk))
        elif chunk.name.lower() == b"id3 ":
            id3.fill(read_id3(reader, chunk.at))
    id3.fill(info)
    if data is None or b"fmt " not in head:
        raise MediaError(Problem.UNREADABLE)
    facts = int.from_bytes(head.get(b"fact", b"")[:4], "little")
    return read_wav_stream(wave_format(head[b"fmt "]), data, facts), id3


def wave_format(chunk: bytes) -> WaveFormat:
    tag, channels, rate, per_second, block, bits = struct.unpack("<HHIIHH", chunk[:16])
    if tag == EXTENSIBLE:
        tag = int.from_bytes(chunk[24:26], "little")
    per_block = int.from_bytes(chunk[18:20], "little")
    return WaveFormat(tag, channels, rate, per_second, block, bits, per_block)


def read_wav_stream(form: WaveFormat, data: Chunk, facts: int) -> Stream:
    if form.tag not in CODECS:
        raise unsupported(f"WAV with codec {form.tag:#06x}")
    seconds, source = played(form, data.size, facts)
    if not seconds:
        raise MediaError(Problem.NO_DURATION)
    cut = ("truncated",) if data.is_cut else ()
    return Stream(
        AudioFormat.WAV,
        CODECS[form.tag],
        seconds,
        source,
        round(data.size / 125 / seconds),
        form.sample_rate,
        form.channels,
        is_constant=True,
        bits_per_sample=form.bits_per_sample or None,
        warnings=(*cut, *(("header_mismatch",) if data.is_longer else ())),
    )


def played(form: WaveFormat, size: int, facts: int) -> tuple[float, DurationSource]:
    """(seconds or 0, how that is known); `facts` is the number of samples that a header tells."""
    samples = samples_in(form, size)
    if facts and abs(facts - samples) <= TOLERANCE * samples:
        samples = facts
    if samples and form.sample_rate:
        return samples / form.sample_rate, DurationSource.HEADER
    if form.bytes_per_second:
        return size / form.bytes_per_second, DurationSource.CONSTANT_BITRATE
    return 0, DurationSource.HEADER


def samples_in(form: WaveFormat, size: int) -> float:
    """0 where the format alone does not tell."""
    if form.tag in SAMPLED:
        return size // (frame_bytes(form) or size + 1)
    if form.tag in (IMA_ADPCM, MS_ADPCM) and form.block_bytes and form.samples_per_block:
        return size / form.block_bytes * form.samples_per_block
    return 0


def frame_bytes(form: WaveFormat) -> int:
    """One sample of every channel; 20 bits may lie in three bytes, so the header may say more."""
    needed = form.channels * ((form.bits_per_sample + 7) // 8)
    is_padded = needed < form.block_bytes <= form.channels * 8
    return form.block_bytes if is_padded else needed


def read_info(reader: RangedReader, chunk: Chunk) -> Found:
    found = Found()
    if reader.read_at(chunk.at, 4) != b"INFO":
        return found
    try:
        data = reader.read_at(chunk.at + 4, min(chunk.size - 4, MAX_INFO_BYTES))
    except BudgetExceeded:
        return Found(warnings=("tags_too_large",))
    at = 0
    for _ in range(MAX_TEXTS):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if not is_name(name):
            break
        put_text(found, name, data[at + 8 : at + 8 + size])
        at += 8 + size + (size & 1)
    return found


def put_text(found: Found, name: bytes, data: bytes) -> None:
    """Several artists or genres stand in one text, parted by semicolons."""
    text = decode(data.split(b"\0")[0])
    values = text.split(";") if name in SEVERAL else [text]
    found.put(f"INFO:{name.decode('latin-1')}", values, INFO_FIELDS.get(name))
