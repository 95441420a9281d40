"""The damaged files of a run, and what came of them."""

import random
import resource
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.fuzz.check import Reading, read
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import seeds


class Case(NamedTuple):
    number: int
    name: str
    damage: str
    data: bytes

    @property
    def title(self) -> str:
        return f"{self.number} {self.name}: {self.damage}"


def cases(count: int, seed: int = 0, only: str = "") -> Iterator[Case]:
    """The same numbers give the same files; each file has dice of its own."""
    names = [name for name in seeds() if name.startswith(only)]
    for number in range(count):
        name = names[number % len(names)]
        dice = random.Random(f"{seed} {number} {name}")
        data, damage = mutated(seeds()[name], dice)
        yield Case(number, name, damage, data)


@dataclass
class Figures:
    """Tracks, reasons and what they cost; `broken` holds what must not be."""

    outcomes: Counter[str] = field(default_factory=Counter)
    formats: dict[str, Counter[str]] = field(default_factory=dict)
    broken: list[tuple[Case, str]] = field(default_factory=list)
    cpu_seconds: float = 0
    slowest: tuple[float, str] = (0, "")
    most_bytes: tuple[int, str] = (0, "")

    def run(self, case: Case) -> None:
        try:
            self.add(case, read(case.data))
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            self.broken.append((case, traceback.format_exc()))

    def add(self, case: Case, reading: Reading) -> None:
        outcome = reading.code or "track"
        self.outcomes[outcome] += 1
        self.formats.setdefault(case.name.split()[0], Counter())[outcome] += 1
        self.cpu_seconds += reading.cpu_seconds
        self.slowest = max(self.slowest, (reading.cpu_seconds, case.title))
        self.most_bytes = max(self.most_bytes, (reading.bytes_read, case.title))

    def lines(self) -> Iterator[str]:
        total = self.outcomes.total()
        for name, outcomes in sorted(self.formats.items()):
            reasons = ", ".join(f"{code} {n}" for code, n in outcomes.most_common())
            yield f"{name:5} {outcomes.total():7}  {reasons}"
        yield f"files {total}: {self.outcomes['track']} tracks, the others with a reason"
        yield f"CPU a file: {1000 * self.cpu_seconds / max(total, 1):.1f} ms in the mean"
        yield f"slowest: {1000 * self.slowest[0]:.0f} ms, {self.slowest[1]}"
        yield f"most bytes: {self.most_bytes[0]:,}, {self.most_bytes[1]}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        yield f"peak memory: {peak // (1024 if sys.platform == 'linux' else 1024**2)} MB"
        yield f"broken: {len(self.broken)}"
