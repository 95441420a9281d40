"""Cold starts: CPU from the start of a process to its first answer that asked the database."""

import os
import signal
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import psutil
from rich.console import Console

from bench.figures import show, verdict
from bench.sandbox import Report, call, probe
from bench.setting import Setting

TARGET_MS = 700
REPEATS = 5
# One path each that reads the session, and where the function has it, data.
PATHS = {
    "auth": "/auth/user",
    "music": "/music/tracks?limit=1",
    "search": "/music/search?q=love&limit=1",
    "playlists": "/playlists?limit=1",
    "library": "/user/favorites",
    "spotify": "/integrations/spotify/playlists",
    "scheduler": "/scheduler/schedules",
    "system": "/system/status",
    "settings": "/settings/user",
}
SHOWN_PACKAGES = 9
# A package below this is not worth a sentence.
NOTABLE_MS = 5.0
UNAVAILABLE = 502


def measure(setting: Setting, console: Console) -> dict[str, Any]:
    results = {name: measure_one(setting, name) for name in PATHS}
    show(console, "Cold start, CPU ms (median of 5)", COLUMNS, rows(results))
    show(
        console,
        "Where imports spend it, ms of own time by package",
        ("function", "packages", "loaded and not called"),
        [(name, words(found["packages"]), words(found["idle"])) for name, found in results.items()],
    )
    return results


COLUMNS = (
    "function",
    "CPU",
    "interpreter",
    "Lambda's bootstrap",
    "imports",
    "first request",
    "target",
)


def rows(results: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (
            name,
            found["cpu_ms"],
            *found["steps_ms"].values(),
            verdict(found["cpu_ms"], TARGET_MS),
        )
        for name, found in results.items()
    ]


def measure_one(setting: Setting, name: str) -> dict[str, Any]:
    url = setting.stack.api + PATHS[name]
    samples = [cold_cpu_ms(setting, name, url) for _ in range(REPEATS)]
    headers = {"authorization": f"Bearer {setting.token}"}
    plain = [probe(setting, name, url, headers=headers) for _ in range(3)]
    traced = [probe(setting, name, url, headers=headers, trace=True) for _ in range(3)]
    packages = least(import_ms(report) for report in traced)
    return {
        "cpu_ms": round(statistics.median(samples), 1),
        "samples_ms": [round(sample, 1) for sample in samples],
        "steps_ms": {
            step: round(statistics.median(report.steps[step] for report in plain) * 1000, 1)
            for step in plain[0].steps
        },
        "packages": packages,
        "idle": {name: packages[name] for name in idle_packages(traced[0], packages)},
    }


def cold_cpu_ms(setting: Setting, name: str, url: str) -> float:
    """User and system time of a new worker, all threads, when its first answer is there."""
    for worker in setting.stack.workers(name):
        os.kill(worker.pid, signal.SIGKILL)
    while setting.stack.workers(name):
        time.sleep(0.01)
    while call(setting, url) == UNAVAILABLE:
        time.sleep(0.01)  # the stack has not noticed yet
    times = setting.stack.workers(name)[0].cpu_times()
    return (times.user + times.system) * 1000


def import_ms(report: Report) -> dict[str, float]:
    """Own time of all modules by package, the most expensive first."""
    spent: dict[str, float] = defaultdict(float)
    for line in report.import_lines[1:]:
        microseconds, _, module = line.removeprefix("import time:").split("|")
        spent[package_of(module.strip(), report.loaded)] += int(microseconds) / 1000
    ordered = sorted(spent.items(), key=lambda item: -item[1])
    return {name: round(milliseconds, 1) for name, milliseconds in ordered}


def least(samples: Iterable[dict[str, float]]) -> dict[str, float]:
    """These times are wall time: whatever stood in the way only ever adds."""
    first, *rest = samples
    found = {
        name: min(one.get(name, most) for one in (first, *rest)) for name, most in first.items()
    }
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def package_of(module: str, loaded: Mapping[str, str]) -> str:
    file = loaded.get(module, "")
    if "/layers/.build/" in file:
        return module.partition(".")[0]
    if "/task/" in file or "/djamms/" in file:
        return "djamms"
    return "Lambda's bootstrap" if "/functions/runtime/" in file else "standard library"


def idle_packages(report: Report, packages: Mapping[str, float]) -> list[str]:
    """Packages of the layers of which no Python code ran in a request: what are they there for?

    Native code is not seen, so a package that is native only does not count.
    """
    files: dict[str, set[str]] = defaultdict(set)
    for module, file in report.loaded.items():
        if "/layers/.build/" in file and file.endswith(".py"):
            files[module.partition(".")[0]].add(file)
    return [
        name
        for name, milliseconds in packages.items()
        if milliseconds >= NOTABLE_MS and name in files and not files[name] & report.called
    ]


def words(packages: Mapping[str, float]) -> str:
    shown = list(packages.items())[:SHOWN_PACKAGES]
    return ", ".join(f"{name} {milliseconds:.0f}" for name, milliseconds in shown) or "none"


def wait_until_idle(setting: Setting) -> None:
    """Until the stack has started its functions: their CPU is not the next measurement's."""
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < 1:
        before = sum(cpu(process) for process in setting.stack.family())
        time.sleep(0.25)
        if sum(cpu(process) for process in setting.stack.family()) - before > 0.05:
            quiet_since = time.monotonic()


def cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system
