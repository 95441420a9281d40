"""A playlist of 10,000 entries: a page of it, one entry moved to another place, all of it as a
file, and such a file as a playlist."""

import http.client
import json
import random
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import quote
from uuid import uuid5

from rich.console import Console
from sqlalchemy import create_engine, text

from bench.figures import percentiles, show, verdict
from bench.load import NAMESPACE
from bench.setting import Setting

LENGTH = 10_000
PLAYLIST = uuid5(NAMESPACE, "long playlist")
PAGE = 100
# Below the API's limit of writes in a minute.
MOVES, WARM_UP = 150, 20
EXPORTS, IMPORTS = 5, 2
OPEN_P95, MOVE_P95, EXPORT_P95 = 60.0, 20.0, 1000.0
FORMATS = ("json", "m3u8", "xspf", "csv")
MINIMAL = {"Prefer": "return=minimal"}
FILL = """
INSERT INTO playlists (id, name, owner_id, track_count, total_duration)
SELECT :playlist, 'Long', (SELECT id FROM users WHERE role = 'admin' LIMIT 1), count(*),
    sum(duration)
FROM (SELECT duration FROM tracks WHERE is_active ORDER BY md5(id::text) LIMIT :length) AS chosen
"""
FILL_ENTRIES = """
INSERT INTO playlist_tracks (playlist_id, track_id, position)
SELECT :playlist, id, row_number() OVER (ORDER BY md5(id::text)) * 1048576
FROM (SELECT id FROM tracks WHERE is_active ORDER BY md5(id::text) LIMIT :length) AS chosen
"""


class Client:
    """One kept connection; each reply is read whole."""

    def __init__(self, setting: Setting) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", setting.stack.port)
        self._headers = {"Authorization": f"Bearer {setting.token}"}

    def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[float, Any]:
        """Milliseconds, and what was answered."""
        spent, content = self.exchange(method, f"/{PLAYLIST}{path}", body, headers)
        return spent, json.loads(content)

    def exchange(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[float, bytes]:
        data = json.dumps(body) if body else None
        sent = {**self._headers, "Content-Type": "application/json", **(headers or {})}
        began = time.perf_counter()
        self._connection.request(method, f"/api/playlists{path}", data, sent)
        reply = self._connection.getresponse()
        content = reply.read()
        spent = (time.perf_counter() - began) * 1000
        if reply.status not in (200, 201):
            raise RuntimeError(f"{method} {path}: {reply.status} {content[:300]!r}")
        return spent, content


def fill(setting: Setting) -> int:
    """How many entries there are: a small library has fewer tracks."""
    engine = create_engine(setting.stack.database_url.split("?")[0])
    with engine.begin() as connection:
        words = {"playlist": PLAYLIST, "length": LENGTH}
        for statement in (FILL, FILL_ENTRIES):
            found = connection.execute(text(statement), words)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE playlist_tracks"))
    engine.dispose()
    return found.rowcount


def measure(setting: Setting, console: Console) -> dict[str, Any]:
    length, client = fill(setting), Client(setting)
    times: dict[tuple[str, float | None], list[float]] = {
        ("first page of 100", OPEN_P95): first_pages(client),
        ("page of 100 by cursor", OPEN_P95): later_pages(client, length),
        ("one move", MOVE_P95): moves(client, MINIMAL),
        ("one move, whole order in the reply", MOVE_P95): moves(client, {}),
        **{(f"export as {name}", EXPORT_P95): exports(client, name) for name in FORMATS},
        ("import of the exported JSON", None): imports(client),
    }
    rows, results = [], {}
    for (name, target), samples in times.items():
        found = percentiles(samples)
        results[name] = asdict(found)
        figures = (found.p50, found.p95, found.p99, found.highest)
        rows.append((name, *figures, verdict(found.p95, target)))
    title = f"A playlist of {length} entries, one client (ms)"
    show(console, title, ("request", "p50", "p95", "p99", "max", "p95 target"), rows)
    return results


def repeated(once: Callable[[], float]) -> list[float]:
    return [once() for _ in range(WARM_UP + MOVES)][WARM_UP:]


def first_pages(client: Client) -> list[float]:
    return repeated(lambda: client.send("GET", f"/tracks?limit={PAGE}")[0])


def later_pages(client: Client, length: int) -> list[float]:
    """From behind entries all over the playlist, whose order keys the filling has given out."""
    _, order = client.send("GET", f"/tracks?limit={min(length, 1000)}")
    nobody = order[0]["entryId"].replace("-", "")

    def once() -> float:
        cursor = quote(f"{random.randrange(1, length) << 20}.{nobody}")
        return client.send("GET", f"/tracks?limit={PAGE}&cursor={cursor}")[0]

    return repeated(once)


def exports(client: Client, name: str) -> list[float]:
    def once() -> float:
        return client.exchange("GET", f"/{PLAYLIST}/export?format={name}")[0]

    return [once() for _ in range(EXPORTS + 1)][1:]


def imports(client: Client) -> list[float]:
    """As a stranger's file: without the ids, every row is looked for by its words."""
    _, content = client.exchange("GET", f"/{PLAYLIST}/export?format=json")
    file = json.loads(content)
    file["tracks"] = [{**track, "trackId": None} for track in file["tracks"]]
    asked = {"text": json.dumps(file), "format": "json"}
    return [client.exchange("POST", "/import", asked)[0] for _ in range(IMPORTS)]


def moves(client: Client, headers: dict[str, str]) -> list[float]:
    """Of an entry from anywhere to anywhere, each on what the one before has left."""
    _, playlist = client.send("GET", "")
    _, tracks = client.send("GET", "/tracks?limit=1000")
    version, entries = playlist["version"], [track["entryId"] for track in tracks]

    def once() -> float:
        nonlocal version
        position = random.randrange(playlist["trackCount"])
        body = {"version": version, "entryId": random.choice(entries), "position": position}
        spent, moved = client.send("PUT", "/reorder", body, headers)
        version = moved["version"]
        return spent

    return repeated(once)
