"""Runs one function inside its own sandbox and says what each step costs.

python -I -S probe.py, with a JSON order on stdin. It imports next to nothing, so that what it
measures is the function's.
"""

import json
import sys
import time
from types import CodeType
from typing import Any

TOOL = 4
STATEMENT_ROUNDS = 21


class Calls:
    """Files whose code ran, other than at import: `sys.monitoring`, once per code object."""

    def __init__(self) -> None:
        self.files: set[str] = set()

    def start(self) -> None:
        events = sys.monitoring.events
        sys.monitoring.use_tool_id(TOOL, "probe")
        sys.monitoring.register_callback(TOOL, events.PY_START, self._seen)
        sys.monitoring.set_events(TOOL, events.PY_START)

    def stop(self) -> list[str]:
        sys.monitoring.set_events(TOOL, 0)
        return sorted(self.files)

    def _seen(self, code: CodeType, _: int) -> object:
        if code.co_name != "<module>":
            self.files.add(code.co_filename)
        return sys.monitoring.DISABLE


class Statements:
    """What the database is asked, and for how long it takes."""

    def __init__(self) -> None:
        self.found: list[tuple[str, float]] = []
        self._began = 0.0

    def listen(self) -> None:
        from sqlalchemy import Engine, event  # loaded by the function before

        event.listen(Engine, "before_cursor_execute", self._before)
        event.listen(Engine, "after_cursor_execute", self._after)

    def take(self) -> list[tuple[str, float]]:
        found, self.found = self.found, []
        return found

    def _before(self, *_: object) -> None:
        self._began = time.perf_counter()

    def _after(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.found.append((statement, (time.perf_counter() - self._began) * 1000))


class Context:
    """What powertools reads of Lambda's context."""

    function_name = "probe"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:probe"
    aws_request_id = "00000000-0000-4000-8000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


def main() -> None:
    order = json.load(sys.stdin)
    answers = sys.stdout
    sys.stdout = sys.stderr  # functions log to it
    sys.path[:] = [*order["paths"], *sys.path]
    steps = {"interpreter": time.process_time()}
    load(order["handler"], steps)
    handler = sys.modules[order["handler"].rpartition(".")[0]].handler
    report = {"steps": steps, **run(handler, order, steps)}
    answers.write(json.dumps(report))


def load(name: str, steps: dict[str, float]) -> None:
    from importlib import import_module

    began = time.process_time()
    import_module("awslambdaric.bootstrap")
    steps["Lambda's bootstrap"] = time.process_time() - began
    began = time.process_time()
    import_module(name.rpartition(".")[0])
    steps["imports of the function"] = time.process_time() - began


def run(handler: Any, order: dict[str, Any], steps: dict[str, float]) -> dict[str, Any]:
    event, context = order["event"], Context()
    calls = Calls()
    if order["trace"]:
        calls.start()
    began = time.process_time()
    reply = handler(event, context)
    steps["first request"] = time.process_time() - began
    files = calls.stop() if order["trace"] else []
    loaded = {name: getattr(m, "__file__", None) or "" for name, m in list(sys.modules.items())}
    again = repeat(handler, event, context, order["repeat"]) if order["repeat"] else {}
    return {"status": reply.get("statusCode"), "called": files, "loaded": loaded, **again}


def repeat(handler: Any, event: Any, context: Context, times: int) -> dict[str, Any]:
    for _ in range(10):
        handler(event, context)
    milliseconds = []
    for _ in range(times):
        began = time.perf_counter()
        handler(event, context)
        milliseconds.append((time.perf_counter() - began) * 1000)
    statements = Statements()
    statements.listen()
    rounds = []
    for _ in range(STATEMENT_ROUNDS):
        handler(event, context)
        rounds.append(statements.take())
    return {
        "milliseconds": milliseconds,
        "statements": [typical(same) for same in zip(*rounds, strict=True)],
        "hot": profiled(handler, event, context, times),
    }


def typical(same: Any) -> tuple[str, float]:
    """One statement of all rounds, with its median."""
    return same[0][0], sorted(milliseconds for _, milliseconds in same)[len(same) // 2]


def profiled(handler: Any, event: Any, context: Context, times: int) -> list[list[Any]]:
    """(where, calls a request, own ms a request), the most expensive first."""
    import cProfile
    import pstats

    profile = cProfile.Profile()
    profile.enable()
    for _ in range(times):
        handler(event, context)
    profile.disable()
    stats: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    found = [
        [f"{file.rpartition('/python/')[2]}:{line} {name}", calls / times, own * 1000 / times]
        for (file, line, name), (_, calls, own, _, _) in stats.items()
    ]
    return sorted(found, key=lambda row: -row[2])[:25]


if __name__ == "__main__":
    main()
