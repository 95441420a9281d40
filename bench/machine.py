"""On what it was measured: without this a figure means little."""

import os
import platform
import sysconfig
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import psutil


def describe() -> dict[str, Any]:
    flags = str(sysconfig.get_config_var("CONFIG_ARGS") or "")
    return {
        "cpu": processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        # A Python without profile-guided optimisation, as pyenv builds it, takes about twice the
        # CPU of Lambda's, Debian's or python.org's.
        "python_is_optimised": "--enable-optimizations" in flags,
        "python_lto": "--with-lto" in flags,
        "python_flags": flags or "none",
    }


def processor() -> str:
    try:
        with open("/proc/cpuinfo") as file:  # noqa: PTH123
            names = (line.partition(":")[2].strip() for line in file if "model name" in line)
            return next(names, platform.machine())
    except OSError:
        return platform.processor() or platform.machine()


def kind_of(words: list[str]) -> str:
    """Which part of the stack a process is, by its command line."""
    line = " ".join(words)
    if "worker_boot" in line:
        return f"function {words[-1].split('.')[1]}"
    if "emulator_main" in line:
        return "AWS emulator"
    if "org.opensearch" in line:
        return "OpenSearch"
    return "PostgreSQL" if "postgres" in line else "gateway and runtime"


class CpuMeter:
    """CPU seconds by part of the stack, and what other programs took in the meantime."""

    def __init__(self, family: Iterable[psutil.Process]) -> None:
        self._before = snapshot(family)
        self._machine = busy_seconds()
        self._own = own_seconds()

    def read(self, family: Iterable[psutil.Process]) -> dict[str, float]:
        spent: dict[str, float] = defaultdict(float)
        for pid, (kind, seconds) in snapshot(family).items():
            spent[kind] += seconds - self._before.get(pid, (kind, 0.0))[1]
        spent["this benchmark"] = own_seconds() - self._own
        others = busy_seconds() - self._machine - sum(spent.values())
        spent["other programs"] = max(others, 0.0)
        return {kind: round(seconds, 2) for kind, seconds in spent.items()}


def snapshot(family: Iterable[psutil.Process]) -> dict[int, tuple[str, float]]:
    found = {}
    for process in family:
        try:
            times = process.cpu_times()
            found[process.pid] = (kind_of(process.cmdline()), times.user + times.system)
        except psutil.Error:
            continue  # it has just ended
    return found


def busy_seconds() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)


def own_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def memory_mb(family: Iterable[psutil.Process], kind: str) -> float:
    """What the processes of one part hold; what several share is counted once."""
    found = 0
    for process in family:
        try:
            if kind_of(process.cmdline()) == kind:
                found += process.memory_full_info().pss
        except psutil.Error:
            continue  # it has just ended
    return round(found / 1e6)
