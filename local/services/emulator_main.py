"""The emulator's process: MiniStack under uvicorn, started as a script by `Emulator`.

Objects are on disk at once. Queue contents are saved on a clean stop only; the saved file is
deleted once it is loaded, so that a kill does not bring back messages of an earlier stop.
"""

import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
LONGEST_WAIT_SECONDS = 2
KEEP_ALIVE_SECONDS = 75
SEND_MAIL = "/v2/email/outbound-emails"


def lacks_room(scope: Message) -> bool:
    """Whether a request would store more than the disk takes. The emulator itself would answer
    that all is well, and lose the object."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    stores = scope["method"] in {"PUT", "POST"} and b"delete" not in scope["query_string"]
    if not stores or "x-amz-target" in headers:  # S3 has no such header, SQS does
        return False
    length = headers.get("content-length", "")
    wanted = int(length) if length.isdigit() else 0
    free = shutil.disk_usage(os.environ["TMPDIR"]).free
    return free < wanted + int(os.environ["RESERVE_BYTES"])


async def refuse(receive: Receive, send: Send) -> None:
    """After the body has been read: who still sends does not listen."""
    while (message := await receive()).get("more_body"):
        if message["type"] == "http.disconnect":
            return
    body = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>InsufficientStorage</Code>'
        b"<Message>The disk of this machine is full</Message></Error>"
    )
    headers = [
        (b"content-type", b"application/xml"),
        (b"content-length", str(len(body)).encode()),
        (b"access-control-allow-origin", b"*"),
    ]
    await send({"type": "http.response.start", "status": 507, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def copied(receive: Receive, send: Send) -> tuple[Receive, Send]:
    """Of a mail that the emulator takes, a line in the log: it goes to nobody else."""
    body = bytearray()

    async def read() -> Message:
        message = await receive()
        body.extend(message.get("body", b""))
        return message

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            deliver(json.loads(body))
        await send(message)

    return read, answer


def deliver(request: dict[str, Any]) -> None:
    content = request["Content"]["Simple"]
    entry = {
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": "INFO",
        "function": "mailbox",
        "message": "mail_delivered",
        "from": request["FromEmailAddress"],
        "to": ", ".join(request["Destination"]["ToAddresses"]),
        "subject": content["Subject"]["Data"],
        "text": content["Body"]["Text"]["Data"],
    }
    # One write at the end of a file that other processes write to as well.
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    file = os.open(os.environ["MAIL_LOG"], flags, 0o600)
    try:
        os.write(file, json.dumps(entry).encode() + b"\n")
    finally:
        os.close(file)


async def application(scope: Message, receive: Receive, send: Send) -> None:
    from ministack.app import app  # reads the environment as it is imported

    async def observe(message: Message) -> None:
        if message["type"] == "lifespan.startup.complete":
            for saved in Path(os.environ["STATE_DIR"]).glob("*.json"):
                saved.unlink()
        await send(message)

    if scope["type"] == "http" and lacks_room(scope):
        await refuse(receive, send)
        return
    if scope["type"] == "http" and scope["path"] == SEND_MAIL:
        receive, send = copied(receive, send)
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
