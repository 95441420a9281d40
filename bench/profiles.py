"""Where one request spends its time: gateway, handler, statements, and the hottest functions."""

import asyncio
import json
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Probed:
    """One request; `is_signed_in` sends the administrator's token along."""

    function: str
    method: str
    url: str
    body: bytes = b""
    status: int = 200
    is_signed_in: bool = True


def measure(setting: Setting, console: Console) -> dict[str, Any]:
    results = {}
    for name, item in requests(setting).items():
        through = through_gateway(setting, item)
        headers = {"authorization": f"Bearer {setting.token}"} if item.is_signed_in else {}
        report = probe(
            setting,
            item.function,
            item.url,
            method=item.method,
            body=item.body,
            headers=headers,
            repeat=REPEATS,
        )
        results[name] = summary(through, report)
        print_one(console, name, results[name])
    return results


def requests(setting: Setting) -> dict[str, Probed]:
    api = setting.stack.api
    stream = streams(setting)[0].split()[1].decode()
    search = f"{api}/music/search?q={quote('love you')}{EMPTY_FILTERS}"
    announced = {"filename": "a.mp3", "contentType": "audio/mpeg", "size": 4_000_000}
    return {
        "login": Probed("auth", "POST", f"{api}/auth/login", credentials(0), is_signed_in=False),
        "first list page": Probed("music", "GET", f"{api}/music/tracks?page=1&limit=50"),
        "search": Probed("search", "GET", search),
        "playlist of 100": Probed("playlists", "GET", f"{api}/playlists/{PLAYLIST}/tracks"),
        "stream redirect": Probed(
            "music", "GET", setting.stack.origin + stream, status=302, is_signed_in=False
        ),
        "upload request": Probed(
            "music", "POST", f"{api}/music/tracks", json.dumps(announced).encode(), 201
        ),
    }


def through_gateway(setting: Setting, item: Probed) -> float:
    """p50 in ms."""
    headers = setting.authorization if item.is_signed_in else ""
    data = request(item.url, method=item.method, headers=headers, body=item.body)
    work = load(
        setting.stack.port, [data], clients=1, seconds=setting.seconds, expected=item.status
    )
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
