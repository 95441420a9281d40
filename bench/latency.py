"""Times of the requests that people feel, through the gateway, at one client and at sixteen."""

import asyncio
import os
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

from rich.console import Console

from bench.catalogue import queries
from bench.client import Samples, load, request
from bench.figures import percentiles, show, verdict
from bench.load import PLAYLIST
from bench.machine import CpuMeter
from bench.setting import ACCOUNTS, Setting, credentials

CLIENTS = (1, 16)
WARM_UP_SECONDS = 3.0
QUERIES = 300
PAGE = 50
PLACES = 200
# No time may grow more from the smallest library to the largest.
MOST_GROWTH = 1.5


@dataclass(frozen=True, slots=True)
class Scenario:
    """`target` is the p95 in milliseconds at one client, `at_16` requests/s at sixteen."""

    name: str
    function: str
    requests: list[bytes]
    target: float
    at_16: float | None = None
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
    first_page = [request(f"{api}/music/tracks?page=1&limit={PAGE}", headers=headers)]
    playlist = [request(f"{api}/playlists/{PLAYLIST}/tracks", headers=headers)]
    return [
        Scenario("login", "auth", logins, 100),
        Scenario("first list page", "music", first_page, 15),
        Scenario("page by number", "music", pages(setting), 30),
        Scenario("page by cursor", "music", cursors(setting), 15),
        Scenario("one track", "music", tracks(setting), 15, at_16=500),
        Scenario("search", "search", searches, 20, at_16=300),
        Scenario("playlist of 100", "playlists", playlist, 15),
        Scenario("stream redirect", "music", streams(setting), 15, expected=302),
    ]


def pages(setting: Setting) -> list[bytes]:
    """From anywhere in the library."""
    last = max(len(setting.tracks) // PAGE, 1)
    chosen = [1 + number * (last - 1) // (PLACES - 1) for number in range(PLACES)]
    random.Random(PLACES).shuffle(chosen)
    return [
        request(
            f"{setting.stack.api}/music/tracks?page={page}&limit={PAGE}",
            headers=setting.authorization,
        )
        for page in chosen
    ]


def cursors(setting: Setting) -> list[bytes]:
    """Those that pages all over the library hand out."""
    found = []
    last = max(len(setting.tracks) // PAGE - 1, 1)
    for page in range(1, last + 1, max(last // PLACES, 1)):
        reply = setting.get(f"/music/tracks?page={page}&limit={PAGE}")
        url = f"{setting.stack.api}/music/tracks?limit={PAGE}&cursor={quote(reply['nextCursor'])}"
        found.append(request(url, headers=setting.authorization))
    return found


def tracks(setting: Setting) -> list[bytes]:
    chosen = setting.tracks[:: max(len(setting.tracks) // 1000, 1)]
    return [
        request(f"{setting.stack.api}/music/tracks/{track.id}", headers=setting.authorization)
        for track in chosen
    ]


# The search form sends all six, always.
EMPTY_FILTERS = "&genre=&artist=&year=&duration=&bitrate=&popularity=&page=1&limit=50"


def streams(setting: Setting) -> list[bytes]:
    """The addresses that a list hands out, without a session, as an <audio> element uses them."""
    reply = setting.get("/music/tracks?limit=200")
    return [request(track["audioUrl"]) for track in reply["tracks"]]


def measure(setting: Setting, console: Console, names: Sequence[str] = ()) -> dict[str, Any]:
    results: dict[str, Any] = {}
    measured = [one for one in scenarios(setting) if not names or one.name in names]
    for scenario in measured:
        results[scenario.name] = {
            str(clients): run(setting, scenario, clients) for clients in CLIENTS
        }
        console.print(f"  {scenario.name} measured", style="dim")
    title = f"Latency through the local gateway at {len(setting.tracks)} tracks (ms)"
    show(console, title, COLUMNS, rows(measured, results))
    return results


def ask(setting: Setting, scenario: Scenario, clients: int, seconds: float) -> Samples:
    asked = load(
        setting.stack.port,
        scenario.requests,
        clients=clients,
        seconds=seconds,
        expected=scenario.expected,
    )
    return asyncio.run(asked)


def run(setting: Setting, scenario: Scenario, clients: int) -> dict[str, Any]:
    """Warm first: workers start when requests queue, and their starts are measured elsewhere."""
    ask(setting, scenario, clients, WARM_UP_SECONDS)
    meter = CpuMeter(setting.stack.family())
    samples = ask(setting, scenario, clients, setting.seconds)
    count = len(samples.milliseconds)
    spent = meter.read(setting.stack.family())
    ours = {name: seconds for name, seconds in spent.items() if name != "other programs"}
    others = spent["other programs"] / samples.seconds / (os.cpu_count() or 1)
    return {
        **asdict(percentiles(samples.milliseconds)),
        "per_second": round(count / samples.seconds, 1),
        "kilobytes": round(samples.reply_bytes / count / 1000, 1),
        "cpu_seconds": spent,
        "cpu_ms": round(sum(ours.values()) * 1000 / count, 2),
        # Of the machine's processors: a figure beside a busy neighbour is not worth much.
        "other_programs_percent": round(others * 100),
    }


COLUMNS = (
    *("request", "clients", "p50", "p95", "p99", "max", "req/s", "kB", "CPU ms", "others"),
    "target",
)
FIGURES = ("p50", "p95", "p99", "highest", "per_second", "kilobytes", "cpu_ms")


def rows(measured: list[Scenario], results: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        row(scenario, clients, results[scenario.name][str(clients)])
        for scenario in measured
        for clients in CLIENTS
    ]


def row(scenario: Scenario, clients: int, figures: dict[str, Any]) -> tuple[Any, ...]:
    if clients == 1:
        target = f"p95 {verdict(figures['p95'], scenario.target)}"
    else:
        rate = verdict(figures["per_second"], scenario.at_16, at_least=True)
        target = rate and f"req/s {rate}"
    return (
        *(scenario.name, clients),
        *(figures[key] for key in FIGURES),
        *(f"{figures['other_programs_percent']:.0f} %", target),
    )


def growth(console: Console, sizes: list[int], results: list[dict[str, Any]]) -> None:
    """How the medians and the 95th percentiles at one client grow with the library."""
    found = [
        (name, *grown("p50", name, results), *grown("p95", name, results)) for name in results[0]
    ]
    title = f"From {sizes[0]} to {sizes[-1]} tracks, one client (ms)"
    names = [f"{key} {size}" for key in ("p50", "p95") for size in sizes[:1] + sizes[-1:]]
    columns = ("request", *names[:2], "times", *names[2:], "times", "p95 target")
    judged = [(*line, verdict(line[6], MOST_GROWTH)) for line in found]
    show(console, title, columns, judged)


def grown(key: str, name: str, results: list[dict[str, Any]]) -> tuple[float, float, float]:
    small, large = (found[name]["1"][key] for found in (results[0], results[-1]))
    return small, large, round(large / small, 2)
