"""The command as people type it, against a real HTTP server that knows little."""

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from local.importer import import_command


class NeverReady(BaseHTTPRequestHandler):
    """Signs everyone in and never has a track."""

    protocol_version = "HTTP/1.1"
    uploads: list[str]

    def do_GET(self) -> None:
        if self.path.endswith("/health"):
            self.reply(200, {})
        elif "sort=newest" in self.path:
            self.reply(200, {"tracks": [], "pagination": {"total": 0}})
        else:
            self.reply(200, {"state": "uploading"})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        if self.path.endswith("/auth/login"):
            self.reply(200, {"token": "t", "refreshToken": "r"})
        elif self.path == "/storage":
            self.uploads.append(self.path)
            self.reply(200, {})
        else:
            host = self.headers["host"]
            form = {"url": f"http://{host}/storage", "fields": {"key": "k"}}
            form["expiresAt"] = "2999-01-01T00:00:00Z"
            self.reply(201, {"uploads": [{"track": {"id": "t1"}, "upload": form}]})

    def reply(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def url() -> Iterator[str]:
    NeverReady.uploads = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), NeverReady)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def music(tmp_path: Path) -> Path:
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "a [b].mp3").write_bytes(b"a")
    (tmp_path / "music" / "cover.jpg").write_bytes(b"a")
    return tmp_path / "music"


def run(tmp_path: Path, *words: str) -> Result:
    environment = {
        "DJAMMS_EMAIL": "dj@example.com",
        "DJAMMS_PASSWORD": "secret",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "COLUMNS": "200",
    }
    return CliRunner(env=environment).invoke(import_command, words)


def test_a_dry_run_tells_and_leaves_nothing(tmp_path: Path, music: Path) -> None:
    (music / "b.mp3").write_bytes(b"a")

    result = run(tmp_path, str(music), "--url", "http://127.0.0.1:1", "--dry-run")

    assert result.exit_code == 0
    assert "1 files (0.0 MB) would be imported." in result.stderr
    assert "1 have the same content as another file" in result.stderr
    assert "Skipped: 1 not audio by its name." in result.stderr
    assert not (tmp_path / "state").exists()


def test_an_empty_file_fails_with_a_report(tmp_path: Path, music: Path, url: str) -> None:
    (music / "a [b].mp3").write_bytes(b"")
    report = tmp_path / "report.json"

    result = run(tmp_path, str(music), "--url", url, "--report", str(report))

    assert result.exit_code == 1
    assert "a [b].mp3" in result.stderr
    assert json.loads(report.read_text())["files"] == [
        {
            "path": str(music / "a [b].mp3"),
            "result": "failed",
            "sizeBytes": 0,
            "code": "empty_file",
            "message": "The file is empty.",
        }
    ]


def test_a_path_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    assert run(tmp_path, str(tmp_path / "nothing")).exit_code == 2


def test_a_server_that_is_not_there_is_one_sentence(
    tmp_path: Path, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.importer.main.FIRST_CONTACT_SECONDS", 0.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

        result = run(tmp_path, str(music), "--url", f"http://127.0.0.1:{port}")

    assert (
        str(result.exception) == f"http://127.0.0.1:{port}/api cannot be reached: nothing answers."
    )


def test_ctrl_c_says_how_to_go_on(tmp_path: Path, music: Path, url: str) -> None:
    threading.Thread(target=interrupt_after_upload).start()

    result = run(tmp_path, str(music), "--url", url)

    assert result.exit_code == 130
    assert "Run the same command again to go on; nothing is sent twice." in result.stderr


def interrupt_after_upload() -> None:
    deadline = time.monotonic() + 20
    while not NeverReady.uploads and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGINT)
