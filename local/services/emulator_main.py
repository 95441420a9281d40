"""The emulator's process: MiniStack under uvicorn, started as a script by `Emulator`.

Objects are on disk at once. Queue contents are saved on a clean stop only; the saved file is
deleted once it is loaded, so that a kill does not bring back messages of an earlier stop.
"""

import os
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import uvicorn

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
LONGEST_WAIT_SECONDS = 2
KEEP_ALIVE_SECONDS = 75


async def application(scope: Message, receive: Receive, send: Send) -> None:
    from ministack.app import app  # reads the environment as it is imported

    async def observe(message: Message) -> None:
        if message["type"] == "lifespan.startup.complete":
            for saved in Path(os.environ["STATE_DIR"]).glob("*.json"):
                saved.unlink()
        await send(message)

    sender = observe if scope["type"] == "lifespan" else send
    await app(scope, receive, sender)  # type: ignore[no-untyped-call]


def main(port: int) -> None:
    """Until SIGTERM or SIGINT."""
    uvicorn.run(
        application,
        host="127.0.0.1",
        port=port,
        # A quarter less CPU per request than the pure Python of h11.
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=LONGEST_WAIT_SECONDS,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
