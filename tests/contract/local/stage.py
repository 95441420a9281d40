"""A repository in miniature, its runtime and its gateway, on a loop in another thread."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, Self

import httpx
import uvicorn
import uvloop

from local.assembly import Assembly, Local, load_assembly
from local.gateway import AsgiApp, Gateway
from local.invocation import Invocation
from local.runtime import Runtime, RuntimeConfig
from tests.unit.local.assemblies import Template, write

PROBE = Path(__file__).with_name("probe.py")


class Loop:
    """An event loop that tests can hand coroutines to."""

    def __init__(self) -> None:
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run[T](self, work: Coroutine[Any, Any, T], seconds: float = 60) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Server:
    """An ASGI application on a free port."""

    def __init__(self, loop: Loop, app: AsgiApp) -> None:
        self._loop = loop
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=0,
            loop="none",
            http="httptools",
            lifespan="off",
            log_level="warning",
            access_log=False,
        )
        self._server = uvicorn.Server(config)
        self._served = loop.run(self._start())
        socket = self._server.servers[0].sockets[0]
        self.port: int = socket.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._server.should_exit = True
        self._loop.run(self._end())

    async def _start(self) -> "asyncio.Task[None]":
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        task = asyncio.create_task(self._server._serve())
        while not self._server.started:
            await asyncio.sleep(0.01)
        return task

    async def _end(self) -> None:
        await self._served


class Stage:
    """`folder` becomes a repository with the function `probe` and an assembly."""

    def __init__(
        self,
        folder: Path,
        template: Template,
        *,
        secrets: Callable[[str], str | None] = lambda arn: f"value of {arn}",
        environment: Mapping[str, str] | None = None,
        **settings: Any,
    ) -> None:
        self.folder = folder
        self.lines: list[tuple[str, str]] = []
        make_repository(folder)
        write(folder / "cdk.out", {"app": template})
        local = Local("http://127.0.0.1:4566", root=folder)
        self.assembly: Assembly = load_assembly(folder / "cdk.out", local)
        self.config = RuntimeConfig(
            root=folder,
            directory=folder / "run",
            usage_log=folder / "usage.jsonl",
            secret_value=secrets,
            log=lambda name, line: self.lines.append((name, line)),
            environment=environment or {},
            **settings,
        )
        self.loop = Loop()
        self.runtime = Runtime(self.assembly, self.config)

    def __enter__(self) -> Self:
        self.loop.run(self.runtime.start())
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.run(self.runtime.stop())
        self.loop.close()

    def invoke(self, event: Mapping[str, Any], function: str = "probe") -> Invocation:
        return self.loop.run(self.runtime.invoke(function, json.dumps(event).encode()))

    def result(self, event: Mapping[str, Any]) -> Any:
        """What the function returned; its failure fails the test."""
        invocation = self.invoke(event)
        assert invocation.error is None, invocation.payload
        return json.loads(invocation.payload)

    def failure(self, event: Mapping[str, Any]) -> tuple[str | None, str, str]:
        """(kind of failure, error type, message)."""
        invocation = self.invoke(event)
        body = json.loads(invocation.payload)
        return invocation.error, body["errorType"], body["errorMessage"]

    def together(self, *events: Mapping[str, Any]) -> list[Any]:
        async def all_of_them() -> list[Invocation]:
            calls = (self.runtime.invoke("probe", json.dumps(e).encode()) for e in events)
            return await asyncio.gather(*calls)

        return [json.loads(invocation.payload) for invocation in self.loop.run(all_of_them())]

    def gateway(self, **options: Any) -> Server:
        return Server(self.loop, Gateway(self.assembly.apis[0], self.runtime, **options))


def make_repository(folder: Path) -> None:
    """functions/probe, shared/djamms and the layer `base` with one module."""
    files = {
        "functions/probe/handler.py": PROBE.read_text(),
        "shared/djamms/__init__.py": "",
        "layers/.build/base/host/python/basement.py": "NAME = 'base'\n",
    }
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def probe(client: httpx.Client, event: Mapping[str, Any], **options: Any) -> httpx.Response:
    """Calls the probe through the gateway with what it shall do."""
    return client.post("/api/probe", json=dict(event), **options)


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
