"""Where one request spends its time: gateway, handler, statements, and the hottest functions."""

import asyncio
from typing import Any
from urllib.parse import quote

from rich.console import Console

from bench.client import load, request
from bench.figures import percentiles, show
from bench.latency import EMPTY_FILTERS, streams
from bench.load import PLAYLIST
from bench.sandbox import Report, probe
from bench.setting import Setting, credentials

REPEATS = 200
SHOWN_FUNCTIONS = 15
STATEMENT_LENGTH = 110


def measure(setting: Setting, console: Console) -> dict[str, Any]:
    results = {}
    for name, (function, method, url, body, status) in requests(setting).items():
        headers = {"authorization": f"Bearer {setting.token}"} if status == 200 else {}
        through = through_gateway(setting, method, url, body, status)
        report = probe(
            setting, function, url, method=method, body=body, headers=headers, repeat=REPEATS
        )
        results[name] = summary(through, report)
        print_one(console, name, results[name])
    return results


def requests(setting: Setting) -> dict[str, tuple[str, str, str, bytes, int]]:
    api = setting.stack.api
    stream = streams(setting)[0].split()[1].decode()
    search = f"{api}/music/search?q={quote('love you')}{EMPTY_FILTERS}"
    return {
        "login": ("auth", "POST", f"{api}/auth/login", credentials(0), 200),
        "first list page": ("music", "GET", f"{api}/music/tracks?page=1&limit=50", b"", 200),
        "search": ("search", "GET", search, b"", 200),
        "playlist of 100": ("playlists", "GET", f"{api}/playlists/{PLAYLIST}/tracks", b"", 200),
        "stream redirect": ("music", "GET", setting.stack.origin + stream, b"", 302),
    }


def through_gateway(setting: Setting, method: str, url: str, body: bytes, status: int) -> float:
    """p50 in ms."""
    headers = setting.authorization if status == 200 else ""
    data = request(url, method=method, headers=headers, body=body)
    work = load(setting.stack.port, [data], clients=1, seconds=setting.seconds, expected=status)
    return percentiles(asyncio.run(work).milliseconds).p50


def summary(through: float, report: Report) -> dict[str, Any]:
    handler = percentiles(report.milliseconds).p50
    database = sum(milliseconds for _, milliseconds in report.statements)
    return {
        "total_ms": through,
        "gateway_ms": round(through - handler, 2),
        "handler_ms": handler,
        "statements_ms": round(database, 2),
        "python_ms": round(handler - database, 2),
        "statements": [
            (" ".join(statement.split()), round(milliseconds, 2))
            for statement, milliseconds in report.statements
        ],
        "hot": report.hot,
    }


def print_one(console: Console, name: str, found: dict[str, Any]) -> None:
    console.print(
        f"[bold]{name}[/bold]: {found['total_ms']:.2f} ms = gateway and runtime"
        f" {found['gateway_ms']:.2f} + handler {found['handler_ms']:.2f} (statements"
        f" {found['statements_ms']:.2f}, Python {found['python_ms']:.2f})"
    )
    lines = [(text[:STATEMENT_LENGTH], f"{ms:.2f}") for text, ms in found["statements"]]
    show(console, f"{len(lines)} statements", ("statement", "ms"), lines)
    hot = [
        (place, f"{calls:.1f}", f"{milliseconds:.3f}")
        for place, calls, milliseconds in found["hot"][:SHOWN_FUNCTIONS]
    ]
    show(console, "Own time under the profiler", ("function", "calls", "ms"), hot)
