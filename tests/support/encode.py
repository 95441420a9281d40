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


CHORDS = ((220, 277, 330), (196, 247, 294), (174, 220, 262), (165, 208, 247))
BAR_SECONDS, BEATS = 2, 8


@cache
def four_bars(rate: int) -> bytes:
    """Stereo s16: chords, a melody and drums, whose bit rate varies as that of music does."""
    dice = random.Random(1)
    samples = array.array("h")
    for chord in CHORDS:
        for _ in range(BEATS):
            samples.extend(beat(chord, dice.choice(chord) * 2, rate, dice))
    return samples.tobytes()


def beat(chord: tuple[int, ...], note: int, rate: int, dice: random.Random) -> array.array[int]:
    samples, length = array.array("h"), BAR_SECONDS * rate // BEATS
    drum = dice.choice((0, 0.4))
    for index in range(length):
        turn = 2 * math.pi * index / rate
        value = 0.15 * sum(math.sin(turn * tone) for tone in chord)
        value += 0.2 * math.sin(turn * note) * math.exp(-6 * index / length)
        value += drum * dice.uniform(-1, 1) * math.exp(-15 * index / length)
        samples.extend([int(value * 20_000)] * 2)
    return samples


def pcm(seconds: float, rate: int, *, as_song: bool = False) -> bytes:
    piece = four_bars(rate) if as_song else one_second(rate)
    wanted = 4 * int(seconds * rate)
    return (piece * math.ceil(wanted / len(piece)))[:wanted]


@cache
def encode(
    container: str,
    codec: str,
    *,
    seconds: float = 2,
    rate: int = RATE,
    kbps: int | None = None,
    as_song: bool = False,
    options: Iterable[tuple[str, str]] = (),
    muxing: Iterable[tuple[str, str]] = (),
) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=container, options=dict(muxing)) as file:
        stream: Any = file.add_stream(codec, rate=rate, options=dict(options))
        stream.layout = "stereo"
        if kbps:
            stream.bit_rate = kbps * 1000
        sound = pcm(seconds, rate, as_song=as_song)
        frame = av.AudioFrame(format="s16", layout="stereo", samples=len(sound) // 4)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        frame.planes[0].update(sound)
        for piece in (frame, None):
            file.mux(stream.encode(piece))
    return out.getvalue()
