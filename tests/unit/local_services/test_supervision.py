"""Guard, control channel, ports and reload: the parts of the supervisor."""

import asyncio
import contextlib
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from local import reload
from local.control import ControlServer, ask
from local.errors import LocalError
from local.paths import DataDir
from local.services.guard import MOST_RESTARTS, Guard
from local.web import listening_sockets


class Service:
    def __init__(self, *, dies_at_once: bool = False) -> None:
        self.starts, self.alive, self._dies_at_once = 0, False, dies_at_once

    def start(self) -> None:
        self.starts += 1
        self.alive = not self._dies_at_once

    def stop(self) -> None:
        self.alive = False

    def guard(self, back: asyncio.Event | None = None) -> Guard:
        async def restarted() -> None:
            if back:
                back.set()

        return Guard(
            "It",
            start=self.start,
            stop=self.stop,
            is_alive=lambda: self.alive,
            restarted=restarted,
        )


def test_service_that_ends_is_started_again(caplog: pytest.LogCaptureFixture) -> None:
    service = Service()

    async def scenario() -> None:
        back = asyncio.Event()
        guard = service.guard(back)
        await guard.start()
        watching = asyncio.create_task(guard.watch())
        service.alive = False
        async with asyncio.timeout(5):
            await back.wait()
        watching.cancel()
        await guard.stop()

    asyncio.run(scenario())

    assert service.starts == 2
    assert "It ended; starting it again" in caplog.text


def test_service_that_does_not_stay_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.services.guard.LOOK_SECONDS", 0.001)
    service = Service(dies_at_once=True)

    with pytest.raises(LocalError, match=f"ended {MOST_RESTARTS} times"):
        asyncio.run(service.guard().watch())

    assert service.starts == MOST_RESTARTS


def ask_while_serving(data: DataDir, token: str, command: str, **arguments: Any) -> Any:
    async def double(request: dict[str, Any]) -> int:
        return int(request["number"]) * 2

    async def refuse(_: dict[str, Any]) -> None:
        raise LocalError("not now")

    async def scenario() -> Any:
        server = ControlServer("secret", {"double": double, "refuse": refuse})
        state = {"control": await server.start(), "token": token}
        data.state_file.write_text(json.dumps(state))
        with data.lock():
            try:
                return await asyncio.to_thread(ask, data, command, **arguments)
            finally:
                server.stop()

    return asyncio.run(scenario())


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    found = DataDir(tmp_path)
    found.prepare()
    return found


def test_command_is_answered(data: DataDir) -> None:
    assert ask_while_serving(data, "secret", "double", number=21) == 42


@pytest.mark.parametrize(
    ("token", "command", "problem"),
    [
        ("guess", "double", "wrong token"),
        ("secret", "unknown", "malformed"),
        ("secret", "double", "malformed"),
        ("secret", "refuse", "not now"),
    ],
)
def test_command_is_refused(data: DataDir, token: str, command: str, problem: str) -> None:
    with pytest.raises(LocalError, match=problem):
        ask_while_serving(data, token, command)


def test_state_of_a_killed_stack_is_not_believed(data: DataDir) -> None:
    data.state_file.write_text('{"control": 1, "token": "x"}')

    with pytest.raises(LocalError, match="No DJAMMS runs"):
        ask(data, "status")


@pytest.mark.parametrize(("family", "host"), [("AF_INET", "127.0.0.1"), ("AF_INET6", "::1")])
def test_taken_port_is_one_sentence_with_a_way_out(family: str, host: str) -> None:
    with socket.socket(getattr(socket, family)) as taken:
        taken.bind((host, 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(LocalError, match=f"Port {port} is in use.* make run PORT={port + 1}"):
            listening_sockets(port)


def test_change_of_a_source_restarts_the_functions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    functions, infrastructure = tmp_path / "functions", tmp_path / "infra"
    functions.mkdir()
    infrastructure.mkdir()
    monkeypatch.setattr(reload, "ROOT", tmp_path)
    monkeypatch.setattr(reload, "FUNCTIONS", (functions,))
    monkeypatch.setattr(reload, "INFRASTRUCTURE", (infrastructure,))

    async def scenario() -> list[str]:
        told: list[str] = []
        restarts = 0

        async def restart() -> None:
            nonlocal restarts
            restarts += 1

        watching = asyncio.create_task(reload.watch_sources(restart=restart, tell=told.append))
        async with asyncio.timeout(20):
            while not told:
                (functions / "handler.py").write_text("changed")
                await asyncio.sleep(0.2)
            assert restarts
            told.clear()
            while not any("infra" in line for line in told):
                (infrastructure / "app.py").write_text("changed")
                await asyncio.sleep(0.2)
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        return told

    assert "infra/app.py changed: stop and start again to see it" in asyncio.run(scenario())
