"""The Java that OpenSearch runs on: one that is on this machine, new enough, and complete."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError
from local.services.account import Account

LEAST = 21
# Smaller runtimes, as some packages bring them, lack what the server's agent and monitoring need.
NEEDED = frozenset({"java.instrument", "java.management", "jdk.management", "jdk.unsupported"})
PLACES = (
    "/usr/lib/jvm/*",
    "/opt/*jdk*",
    "/opt/java/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
)
HOW_TO_GET_IT = (
    "macOS: `brew install openjdk`; Linux: openjdk-21 or newer of the distribution, or Temurin; "
    "JAVA_HOME may name it"
)


@dataclass(frozen=True, slots=True)
class Java:
    home: Path
    major: int
    modules: frozenset[str]

    @property
    def program(self) -> Path:
        return self.home / "bin" / "java"


def find_java(account: Account, environment: Mapping[str, str] = os.environ) -> Java:
    """The one of JAVA_HOME if it will do, else the newest that the account can run."""
    found = [java for home in candidates(environment) if (java := examine(home))]
    fitting = [java for java in found if java.major >= LEAST and java.modules >= NEEDED]
    reachable = [java for java in fitting if account.can_reach(java.program.parent)]
    if reachable:
        stated = [java for java in reachable if str(java.home) == environment.get("JAVA_HOME")]
        return (stated or sorted(reachable, key=lambda java: java.major))[-1]
    raise LocalError(f"OpenSearch needs Java {LEAST} or newer, complete; {_found(found, fitting)}.")


def _found(found: list[Java], fitting: list[Java]) -> str:
    if fitting:
        return f"the one in {fitting[0].home} is closed to the account that runs it"
    newest = max((java.major for java in found), default=0)
    there = f"the newest found is {newest}" if newest else "there is none"
    return f"{there} ({HOW_TO_GET_IT})"


def candidates(environment: Mapping[str, str], places: tuple[str, ...] = PLACES) -> Iterator[Path]:
    if home := environment.get("JAVA_HOME"):
        yield Path(home)
    if program := shutil.which("java", path=environment.get("PATH")):
        yield Path(program).resolve().parent.parent
    for place in places:
        yield from sorted(Path("/").glob(place.removeprefix("/")))


def examine(home: Path) -> Java | None:
    """What this Java says about itself; None when it is none."""
    program = home / "bin" / "java"
    try:
        done = subprocess.run(
            [str(program), "--list-modules"], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return None
    modules = dict(re.findall(r"^([\w.]+)@(\d+)", done.stdout, re.MULTILINE))
    base = modules.get("java.base")
    return Java(home, int(base), frozenset(modules)) if base else None
