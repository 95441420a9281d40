"""What the machine under this function says of itself, through psutil."""

import time
from dataclasses import dataclass, replace
from typing import Self

import psutil

GIGABYTE = 1_000_000_000
MEGABIT = 1_000_000 / 8


@dataclass(frozen=True, slots=True)
class Reading:
    cpu_percent: float
    cores: int
    memory_percent: float
    memory_total_bytes: int
    memory_available_bytes: int
    disk_percent: float
    disk_total_bytes: int
    disk_available_bytes: int
    network_mbit_per_second: float

    def coarse(self) -> Self:
        """Whole tens of percent and whole GB: enough to see that all is well."""
        return replace(
            self,
            cpu_percent=round(self.cpu_percent, -1),
            memory_percent=round(self.memory_percent, -1),
            disk_percent=round(self.disk_percent, -1),
            memory_available_bytes=_whole(self.memory_available_bytes),
            memory_total_bytes=_whole(self.memory_total_bytes),
            disk_available_bytes=_whole(self.disk_available_bytes),
            disk_total_bytes=_whole(self.disk_total_bytes),
            network_mbit_per_second=float(round(self.network_mbit_per_second)),
        )


def _whole(size_bytes: int) -> int:
    return round(size_bytes / GIGABYTE) * GIGABYTE


class Machine:
    """CPU and network are averages since the reading before."""

    def __init__(self) -> None:
        psutil.cpu_percent()
        self._read_at, self._bytes = time.monotonic(), self._traffic()

    def read(self) -> Reading:
        memory, disk = psutil.virtual_memory(), psutil.disk_usage("/tmp")  # noqa: S108 -- Lambda's disk
        now, traffic = time.monotonic(), self._traffic()
        elapsed = max(now - self._read_at, 0.001)
        rate = (traffic - self._bytes) / elapsed / MEGABIT
        self._read_at, self._bytes = now, traffic
        return Reading(
            cpu_percent=psutil.cpu_percent(),
            cores=psutil.cpu_count() or 1,
            memory_percent=memory.percent,
            memory_total_bytes=memory.total,
            memory_available_bytes=memory.available,
            disk_percent=disk.percent,
            disk_total_bytes=disk.total,
            disk_available_bytes=disk.free,
            network_mbit_per_second=round(rate, 2),
        )

    @staticmethod
    def _traffic() -> int:
        counters = psutil.net_io_counters()
        return counters.bytes_sent + counters.bytes_recv if counters else 0
