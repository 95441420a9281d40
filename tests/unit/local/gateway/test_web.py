"""The HTTP server in front of the gateway."""

import asyncio
import json
import socket
from typing import Any

import pytest

from local.web import listening_sockets, server


async def unreachable(_scope: object, _receive: object, _send: object) -> None:
    raise AssertionError("this is no request")


async def tells_who_calls(scope: Any, _receive: object, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["client"][0].encode()})


async def answer_to(request: bytes, app: Any = unreachable) -> bytes:
    web, sockets = server(app), listening_sockets(free_port())
    serving = asyncio.create_task(web.serve(sockets))
    while not web.started:
        await asyncio.sleep(0.005)
    reader, writer = await asyncio.open_connection(*sockets[0].getsockname())
    writer.write(request)
    answer = await reader.read()
    writer.close()
    web.should_exit = True
    await serving
    for one in sockets:
        one.close()
    return answer


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.parametrize(
    "request_text",
    [
        "GARBAGE\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon here\r\n\r\n",
        "GET /" + "x" * 70_000 + " HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["no request line", "no header", "an address without end"],
)
def test_what_is_no_request_gets_the_error_shape(request_text: str) -> None:
    answer = asyncio.run(answer_to(request_text.encode()))

    head, _, body = answer.partition(b"\r\n\r\n")
    error = json.loads(body)
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"access-control-allow-origin: *" in head
    assert f"content-length: {len(body)}".encode() in head
    assert (error["error"], error["details"]) == ("bad_request", [])
    assert error["message"]
    assert error["requestId"]


def test_who_calls_is_who_connected_whatever_a_header_says() -> None:
    request = (
        "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.7\r\n"
        "X-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    )

    answer = asyncio.run(answer_to(request.encode(), tells_who_calls))

    assert b"127.0.0.1" in answer
    assert b"198.51.100.7" not in answer
