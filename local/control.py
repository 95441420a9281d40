"""How the command line talks to a running stack: a line of JSON each way on a local port.

The port and a random token stand in the stack's state file, which only its owner can read.
"""

import asyncio
import hmac
import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from local.errors import LocalError
from local.paths import DataDir

type Handler = Callable[[dict[str, Any]], Awaitable[Any]]

LINE_LIMIT_BYTES = 8_000_000


class ControlServer:
    def __init__(self, token: str, handlers: Mapping[str, Handler]) -> None:
        self._token, self._handlers = token, handlers
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """The port."""
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", 0, limit=LINE_LIMIT_BYTES
        )
        return int(self._server.sockets[0].getsockname()[1])

    def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await self._answer(await reader.readline())
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
            if not hmac.compare_digest(str(request["token"]).encode(), self._token.encode()):
                return {"error": "wrong token"}
            return {"ok": await self._handlers[request["command"]](request)}
        except (ValueError, KeyError, TypeError):
            return {"error": "malformed request"}
        except LocalError as error:
            return {"error": str(error)}


def ask(data: DataDir, command: str, *, seconds: float = 10, **arguments: Any) -> Any:
    """The running stack's answer. Raises LocalError when there is none."""
    state = data.state()
    if not data.is_in_use() or "control" not in state:
        raise LocalError(f"No DJAMMS runs on {data.root}; start it with `djamms up`.")
    request = {"token": state["token"], "command": command, **arguments}
    try:
        address = ("127.0.0.1", state["control"])
        with socket.create_connection(address, seconds) as connection:
            connection.sendall(json.dumps(request).encode() + b"\n")
            answer = json.loads(connection.makefile().readline())
    except (OSError, ValueError) as error:
        raise LocalError(f"The running DJAMMS does not answer: {error}.") from error
    if "error" in answer:
        raise LocalError(answer["error"])
    return answer["ok"]
