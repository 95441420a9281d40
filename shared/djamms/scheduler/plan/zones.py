"""Time zones as the `tzdata` package has them, never as the machine does: a function in the cloud
and a laptop with older files must say the same.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

type Instant = int

DAY_SECONDS = 86_400
# No zone changes its clocks twice within so many days, since 2015 and until 2037 (a test looks).
STEP = 5 * DAY_SECONDS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """The names of all zones. Factory is what a clock shows that nobody has set."""
    names = (resources.files("tzdata") / "zones").read_text().split()
    return frozenset(names) - {"Factory"}


@lru_cache(maxsize=1024)
def clock(zone: str) -> ZoneInfo:
    """UTC for a zone that is not known: a plan has an answer whatever an older row says."""
    name = zone if zone in known_zones() else "UTC"
    with (resources.files("tzdata") / "zoneinfo" / name).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def clock_changes(zones: Iterable[str], from_: Instant, until: Instant) -> list[Instant]:
    """Each instant in [from_, until) at which the offset of one of the zones changes."""
    steps = range(from_ // STEP, until // STEP + 1)
    found = {_change(zone, step) for zone in set(zones) for step in steps}
    return sorted(one for one in found if one is not None and from_ <= one < until)


@lru_cache(maxsize=65_536)
def _change(zone: str, step: int) -> Instant | None:
    """The one within a step of time, its end included."""
    low, high = step * STEP, (step + 1) * STEP
    before = offset_at(zone, low)
    if before == offset_at(zone, high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset_at(zone, middle) == before else (low, middle)
    return high


def offset_at(zone: str, instant: Instant) -> int:
    """Seconds ahead of UTC."""
    offset = (_EPOCH + timedelta(seconds=instant)).astimezone(clock(zone)).utcoffset()
    assert offset is not None  # a ZoneInfo always has one
    return int(offset.total_seconds())
