"""The emulator's process: MiniStack under hypercorn, started as a script by `Emulator`.

Objects are on disk at once. Queue contents are saved on a clean stop only; the saved file is
deleted once it is loaded, so that a kill does not bring back messages of an earlier stop.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
LONGEST_WAIT_SECONDS = 2.0


async def application(scope: Message, receive: Receive, send: Send) -> None:
    from ministack.app import app  # reads the environment, which main() completes first

    async def observe(message: Message) -> None:
        if message["type"] == "lifespan.startup.complete":
            for saved in Path(os.environ["STATE_DIR"]).glob("*.json"):
                saved.unlink()
        await send(message)

    sender = observe if scope["type"] == "lifespan" else send
    await app(scope, receive, sender)  # type: ignore[no-untyped-call]


async def main(port: int) -> None:
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = LONGEST_WAIT_SECONDS
    config.loglevel = "WARNING"
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await serve(application, config, shutdown_trigger=stopping.wait)  # type: ignore[arg-type]


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
