"""Times of the requests that people feel, through the gateway, at one client and at sixteen."""

import asyncio
import os
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

import httpx
from rich.console import Console

from bench.catalogue import queries
from bench.client import load, request
from bench.figures import percentiles, show, verdict
from bench.load import PLAYLIST
from bench.machine import CpuMeter
from bench.setting import ACCOUNTS, Setting, credentials

CLIENTS = (1, 16)
WARM_UP_SECONDS = 3.0
QUERIES = 300


@dataclass(frozen=True, slots=True)
class Scenario:
    """`target` is the p95 in milliseconds at one client."""

    name: str
    function: str
    requests: list[bytes]
    target: float
    expected: int = 200


def scenarios(setting: Setting) -> list[Scenario]:
    api, headers = setting.stack.api, setting.authorization
    logins = [
        request(f"{api}/auth/login", method="POST", body=credentials(number))
        for number in range(ACCOUNTS)
    ]
    searches = [
        request(f"{api}/music/search?q={quote(words)}{EMPTY_FILTERS}", headers=headers)
        for words in queries(setting.tracks, QUERIES)
    ]
    first_page = [request(f"{api}/music/tracks?page=1&limit=50", headers=headers)]
    playlist = [request(f"{api}/playlists/{PLAYLIST}/tracks", headers=headers)]
    return [
        Scenario("login", "auth", logins, 100),
        Scenario("first list page", "music", first_page, 15),
        Scenario("search", "search", searches, 25),
        Scenario("playlist of 100", "playlists", playlist, 15),
        Scenario("stream redirect", "music", streams(setting), 15, 302),
    ]


# The search form sends all six, always.
EMPTY_FILTERS = "&genre=&artist=&year=&duration=&bitrate=&popularity=&page=1&limit=50"


def streams(setting: Setting) -> list[bytes]:
    """The addresses that a list hands out, without a session, as an <audio> element uses them."""
    headers = {"Authorization": f"Bearer {setting.token}"}
    url = f"{setting.stack.api}/music/tracks?limit=200"
    reply = httpx.get(url, headers=headers, timeout=30, trust_env=False).raise_for_status()
    return [request(track["audioUrl"]) for track in reply.json()["tracks"]]


def measure(setting: Setting, console: Console) -> dict[str, Any]:
    results: dict[str, Any] = {}
    for scenario in scenarios(setting):
        results[scenario.name] = {
            str(clients): run(setting, scenario, clients) for clients in CLIENTS
        }
        console.print(f"  {scenario.name} measured", style="dim")
    show(console, "Latency through the local gateway (ms)", COLUMNS, rows(setting, results))
    return results


def run(setting: Setting, scenario: Scenario, clients: int) -> dict[str, Any]:
    """Warm first: workers start when requests queue, and their starts are measured elsewhere."""

    async def work(seconds: float) -> Any:
        return await load(
            setting.stack.port,
            scenario.requests,
            clients=clients,
            seconds=seconds,
            expected=scenario.expected,
        )

    asyncio.run(work(WARM_UP_SECONDS))
    meter = CpuMeter(setting.stack.family())
    samples = asyncio.run(work(setting.seconds))
    count = len(samples.milliseconds)
    spent = meter.read(setting.stack.family())
    others = spent["other programs"] / samples.seconds / (os.cpu_count() or 1)
    return {
        **asdict(percentiles(samples.milliseconds)),
        "per_second": round(count / samples.seconds, 1),
        "kilobytes": round(samples.reply_bytes / count / 1000, 1),
        "cpu_seconds": spent,
        # Of the machine's processors: a figure beside a busy neighbour is not worth much.
        "other_programs_percent": round(others * 100),
    }


COLUMNS = ("request", "clients", "p50", "p95", "p99", "max", "req/s", "kB", "others", "p95 target")


def rows(setting: Setting, results: dict[str, Any]) -> list[tuple[Any, ...]]:
    targets = {scenario.name: scenario.target for scenario in scenarios(setting)}
    return [
        (
            name,
            clients,
            *(figures[key] for key in ("p50", "p95", "p99", "highest", "per_second", "kilobytes")),
            f"{figures['other_programs_percent']:.0f} %",
            verdict(figures["p95"], targets[name] if clients == "1" else None),
        )
        for name, by_clients in results.items()
        for clients, figures in by_clients.items()
    ]
