"""The HTTP server in front of the gateway."""

import errno
import json
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from local.errors import LocalError


class Server(uvicorn.Server):
    """The stack decides what a signal means."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Protocol(HttpToolsProtocol):
    """What is no HTTP never comes to the gateway: the server answers, in the API's error shape."""

    def send_400_response(self, msg: str) -> None:
        body = {
            "error": "bad_request",
            "message": msg,
            "requestId": str(uuid.uuid4()),
            "details": [],
        }
        content = json.dumps(body).encode()
        head = (
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n"
            f"content-length: {len(content)}\r\naccess-control-allow-origin: *\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + content)
        self.transport.close()


def server(app: Any) -> Server:
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=Protocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
        # Who calls is who connected: nobody else stands in front.
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    return Server(config)


def listening_sockets(port: int) -> list[socket.socket]:
    """Take the port now, before anything is started; browsers may resolve localhost to ::1."""
    taken = [_bound(socket.AF_INET, "127.0.0.1", port)]
    if socket.has_ipv6:
        try:
            taken.append(_bound(socket.AF_INET6, "::1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                taken[0].close()
                raise LocalError(in_use(port)) from error
    return taken


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE and family is socket.AF_INET:
            raise LocalError(in_use(port)) from error
        if error.errno == errno.EACCES:
            raise LocalError(f"Port {port} needs privileges; choose one above 1023.") from error
        raise
    return listener


def in_use(port: int) -> str:
    owner = _owner(port)
    by = f" by {owner}" if owner else ""
    return f"Port {port} is in use{by}; stop it, or choose another: make run PORT={port + 1}"


def _owner(port: int) -> str:
    """The program that listens there, if this account may know."""
    try:
        for one in psutil.net_connections("tcp"):
            listens = one.status == psutil.CONN_LISTEN and one.pid is not None
            if listens and tuple(one.laddr)[1:2] == (port,):
                return f"{psutil.Process(one.pid).name()} (process {one.pid})"
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        pass  # macOS tells root only
    return ""
