import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from djamms.secrets import SecretUnavailable, read_secret


class Extension(BaseHTTPRequestHandler):
    """The extension's HTTP interface, as AWS documents it."""

    def do_GET(self) -> None:
        known = self.path == "/secretsmanager/get?secretId=arn%3Aaws%3Asecret%3Ax"
        allowed = self.headers["X-Aws-Parameters-Secrets-Token"] == "token"
        self.send_response(200 if known and allowed else 400)
        self.end_headers()
        self.wfile.write(json.dumps({"SecretString": "value"}).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- inherited
        """Quiet."""


@pytest.fixture(autouse=True)
def extension(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", 0), Extension)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", str(server.server_port))
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    yield
    server.shutdown()
    server.server_close()


def test_reads_a_secret() -> None:
    assert read_secret("arn:aws:secret:x") == "value"


def test_a_refusal_names_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "other")

    with pytest.raises(SecretUnavailable, match="arn:aws:secret:x: 400"):
        read_secret("arn:aws:secret:x")


def test_silence_names_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "1")

    with pytest.raises(SecretUnavailable, match="arn:aws:secret:x"):
        read_secret("arn:aws:secret:x")
