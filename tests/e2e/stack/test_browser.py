"""A page of another origin uploads straight into the bucket and plays from /media."""

import base64
import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.stack.conftest import EMAIL, PASSWORD, Djamms
from tests.support.audio import numbered_file

pytestmark = pytest.mark.system

PAGE = """<!doctype html><script>
const API = %(api)s, AUDIO = Uint8Array.from(atob(%(audio)s), c => c.charCodeAt(0))
const call = async (method, path, body, token) => {
  const headers = { 'Content-Type': 'application/json' }
  if (token) headers.Authorization = 'Bearer ' + token
  const reply = await fetch(API + path, { method, headers, body: body && JSON.stringify(body) })
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`)
  return reply.json()
}
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
const event = (target, name) => new Promise((resolve, reject) => {
  target.addEventListener(name, resolve, { once: true })
  target.addEventListener('error', () => reject(new Error(name + ' ' + target.error?.message)))
})
const run = async () => {
  const { token } = await call('POST', '/auth/login', %(login)s)
  const asked = { filename: 'a.mp3', contentType: 'audio/mpeg', size: AUDIO.length }
  const { track, upload } = await call('POST', '/music/tracks', asked, token)
  const form = new FormData()
  for (const [name, value] of Object.entries(upload.fields)) form.append(name, value)
  form.append('file', new Blob([AUDIO], { type: 'audio/mpeg' }))
  const stored = await fetch(upload.url, { method: upload.method, body: form })
  if (!stored.ok) throw new Error('upload: ' + stored.status)
  let found
  do { await pause(100); found = await call('GET', '/music/tracks/' + track.id, null, token) }
  while (!['ready', 'failed'].includes(found.state))
  const audio = new Audio(found.audioUrl)
  audio.preload = 'auto'
  await event(audio, 'loadedmetadata')
  audio.currentTime = audio.duration - 1
  await event(audio, 'seeked')
  return { state: found.state, duration: audio.duration, time: audio.currentTime }
}
const tell = found => fetch('/', { method: 'POST', body: JSON.stringify(found) })
run().then(tell, error => tell({ error: String(error) }))
</script>"""


class Site(ThreadingHTTPServer):
    """Serves one page and waits for what it tells."""

    def __init__(self, html: str) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.html, self.told = html.encode(), queue.Queue[dict[str, Any]]()
        self.origin = f"http://localhost:{self.server_port}"


class Page(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.server.html)

    def do_POST(self) -> None:
        self.server.told.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.do_GET()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def site(djamms: Djamms) -> Iterator[Site]:
    audio = numbered_file(7, seconds=10)
    values = {
        "api": f"{djamms.url}/api",
        "audio": base64.b64encode(audio).decode(),
        "login": {"email": EMAIL, "password": PASSWORD},
    }
    with Site(PAGE % {name: json.dumps(value) for name, value in values.items()}) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield site
        site.shutdown()


def visit(site: Site, profile: Path, *flags: str) -> dict[str, Any]:
    """What the page tells from inside a real browser."""
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio"]
    with (profile / "log").open("wb") as log:
        browser = subprocess.Popen(
            ["chromium", *options, *flags, f"--user-data-dir={profile / 'data'}", site.origin],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        return site.told.get(timeout=60)
    finally:
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()


def test_page_uploads_and_seeks(djamms: Djamms, site: Site, tmp_path: Path) -> None:
    djamms.up("--origin", site.origin)

    found = visit(site, tmp_path)

    assert found.get("state") == "ready", found
    assert found["duration"] == pytest.approx(10, abs=0.2)
    assert found["time"] == pytest.approx(found["duration"] - 1, abs=0.2)


def test_page_of_an_unknown_origin_is_refused(djamms: Djamms, site: Site, tmp_path: Path) -> None:
    djamms.up()

    assert "Failed to fetch" in visit(site, tmp_path)["error"]
