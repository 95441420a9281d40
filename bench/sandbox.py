"""Runs the probe exactly where a worker runs: its paths, its environment, its role and secrets."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from bench.setting import Setting
from local.assembly import Api
from local.build import load
from local.gateway_event import HttpRequest, build_event
from local.gateway_routes import Router

PROBE = Path(__file__).with_name("probe.py")


@dataclass(frozen=True, slots=True)
class Report:
    """What the probe says, and the lines of `-X importtime` when they were asked for."""

    steps: dict[str, float]
    status: int
    called: frozenset[str]
    loaded: dict[str, str]
    import_lines: tuple[str, ...]
    milliseconds: Sequence[float] = ()
    statements: Sequence[tuple[str, float]] = ()
    hot: Sequence[tuple[str, float, float]] = ()


def probe(
    setting: Setting,
    function: str,
    url: str,
    *,
    method: str = "GET",
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    trace: bool = False,
    repeat: int = 0,
) -> Report:
    """A live worker of the function lends its environment, so there must be one."""
    worker = setting.stack.workers(function)[0]
    paths, handler = worker.cmdline()[-2:]
    order = {
        "paths": paths.split(":"),
        "handler": handler,
        "event": event(setting, method, url, body, headers or {}),
        "trace": trace,
        "repeat": repeat,
    }
    words = [sys.executable, "-I", "-S", *(["-X", "importtime"] if trace else []), str(PROBE)]
    done = subprocess.run(
        words, input=json.dumps(order), env=worker.environ(), capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"the probe of {function} failed: {done.stderr[-2000:]}")
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    found = json.loads(done.stdout)
    return Report(**{**found, "called": frozenset(found["called"])}, import_lines=tuple(lines))


def event(
    setting: Setting, method: str, url: str, body: bytes, headers: dict[str, str]
) -> dict[str, Any]:
    """As the gateway hands it over."""
    parts = urlsplit(url)
    api = api_of(setting.stack.origin)
    match = Router(api.routes).match(method, parts.path)
    if match is None:
        raise ValueError(f"no route for {url}")
    named = {"host": parts.netloc, "accept-encoding": "gzip", **headers}
    if body:
        named["content-type"] = "application/json"
    request = HttpRequest(
        method, parts.path, parts.query, tuple(named.items()), body, "127.0.0.1", "HTTP/1.1"
    )
    found: dict[str, Any] = json.loads(build_event(request, match, api, "probe"))
    return found


@cache
def api_of(origin: str) -> Api:
    return load(emulator_url="http://127.0.0.1:1", base_url=origin, origins=()).apis[0]


def call(setting: Setting, url: str) -> int:
    """One request as the administrator; the status."""
    headers = {"Authorization": f"Bearer {setting.token}"}
    return httpx.get(url, headers=headers, timeout=60, trust_env=False).status_code
