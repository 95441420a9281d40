"""Sound made here and encoded with PyAV; nobody's music. The same arguments give the same bytes."""

import array
import io
import math
import random
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from typing import Any

import av

RATE = 44_100
# PyAV's own encoder of Vorbis has to be asked for by this name.
EXPERIMENTAL = (("strict", "experimental"),)


@cache
def one_second(rate: int, *, noisy: bool = True) -> bytes:
    """Stereo s16: a tone, with noise in its second half so that a VBR encoder must vary."""
    noise = random.Random(1)
    samples = array.array("h")
    for index in range(rate):
        value = 0.3 * math.sin(2 * math.pi * 440 * index / rate)
        if noisy and 2 * index >= rate:
            value += noise.uniform(-0.5, 0.5)
        samples.extend([int(value * 20_000)] * 2)
    return samples.tobytes()


def pcm(seconds: float, rate: int, *, noisy: bool = True) -> bytes:
    return (one_second(rate, noisy=noisy) * math.ceil(seconds))[: 4 * int(seconds * rate)]


@cache
def encode(
    container: str,
    codec: str,
    *,
    seconds: float = 2,
    rate: int = RATE,
    kbps: int | None = None,
    noisy: bool = True,
    options: Iterable[tuple[str, str]] = (),
    muxing: Iterable[tuple[str, str]] = (),
) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=container, options=dict(muxing)) as file:
        stream: Any = file.add_stream(codec, rate=rate, options=dict(options))
        stream.layout = "stereo"
        if kbps:
            stream.bit_rate = kbps * 1000
        sound = pcm(seconds, rate, noisy=noisy)
        frame = av.AudioFrame(format="s16", layout="stereo", samples=len(sound) // 4)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        frame.planes[0].update(sound)
        for piece in (frame, None):
            file.mux(stream.encode(piece))
    return out.getvalue()
