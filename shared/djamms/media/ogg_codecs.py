"""What the first packet of an Ogg stream says of it.

Vorbis I §4.2.2, RFC 7845 §5.1 (Opus), https://xiph.org/flac/ogg_mapping.html
"""

from typing import NamedTuple

from djamms.media.flac import stream_info

VORBIS, OPUS, FLAC = b"\x01vorbis", b"OpusHead", b"\x7fFLAC"
NAMES = {VORBIS: "vorbis", OPUS: "opus", FLAC: "flac"}
OTHERS = {
    b"Speex   ": "Speex",
    b"\x80theora": "Theora video",
    b"BBCD\0": "Dirac video",
    b"OVP80": "VP8 video",
    b"\x01video": "OGM video",
    b"CELT    ": "CELT",
    b"PCM     ": "PCM in OGG",
}
OPUS_RATE = 48_000
# 120 ms
MAX_OPUS_SAMPLES = 5760


class OggStream(NamedTuple):
    """`delay` and `max_packet_samples` are in samples, as a page's granule is."""

    codec: str
    serial: int
    sample_rate: int
    channels: int
    delay: int
    max_packet_samples: int
    bits_per_sample: int | None = None


def read_header(packet: bytes, serial: int) -> OggStream | None:
    """None for what is no audio, or audio that cannot be used, or a damaged header."""
    if packet.startswith(VORBIS) and len(packet) >= 29:
        rate = int.from_bytes(packet[12:16], "little")
        # A packet gives half of a block.
        samples = (1 << (packet[28] >> 4)) // 2
        return OggStream("vorbis", serial, rate, packet[11], 0, samples) if rate else None
    if packet.startswith(OPUS) and len(packet) >= 12:
        delay = int.from_bytes(packet[10:12], "little")
        return OggStream("opus", serial, OPUS_RATE, packet[9], delay, MAX_OPUS_SAMPLES)
    if packet.startswith(FLAC) and (info := stream_info(packet[17:51])) and info.sample_rate:
        bits = info.bits_per_sample
        return OggStream(
            "flac", serial, info.sample_rate, info.channels, 0, info.max_blocksize, bits
        )
    return None


def name_of(packet: bytes) -> str | None:
    """Of a stream that cannot be used."""
    return next((name for magic, name in OTHERS.items() if packet.startswith(magic)), None)
