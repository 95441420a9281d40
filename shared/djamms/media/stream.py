"""What the audio itself is, as far as its headers and frames tell without decoding it."""

from dataclasses import dataclass
from enum import StrEnum

from djamms.media.formats import AudioFormat
from djamms.media.problems import MediaError, Problem

# 20 days: more is a lie in a header, and fits no column that matters.
MAX_SECONDS = 20 * 86_400
# Eight channels of 32 bits at 192 kHz.
MAX_KBPS = 50_000


class DurationSource(StrEnum):
    HEADER = "header"
    CONSTANT_BITRATE = "constant_bitrate"
    FRAMES = "frames"
    SAMPLED = "sampled"


@dataclass(frozen=True, slots=True)
class Stream:
    format: AudioFormat
    # What the audio is coded in, where the format leaves a choice.
    codec: str
    seconds: float
    duration_source: DurationSource
    bitrate_kbps: int
    sample_rate_hz: int
    channels: int
    is_constant: bool = False
    bits_per_sample: int | None = None
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= MAX_SECONDS:
            raise MediaError(Problem.NO_DURATION)

    @property
    def plausible_kbps(self) -> int | None:
        """None for a bit rate that no audio has: then some header lied."""
        return self.bitrate_kbps if 0 < self.bitrate_kbps <= MAX_KBPS else None

    @property
    def duration_seconds(self) -> int:
        """Whole seconds, halves up; a sound is never 0 s long."""
        return max(1, int(self.seconds + 0.5))
