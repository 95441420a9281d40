"""A page of another origin, without a token: it reads, shows covers, seeks and plays."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Person, numbered_flac, numbered_mp3
from tests.e2e.stack.test_browser import Site, visit
from tests.support.stack import LocalStack

# Sound starts on its own only where a person has clicked; nobody does here.
NO_CLICK_NEEDED = "--autoplay-policy=no-user-gesture-required"

pytestmark = pytest.mark.system

PAGE = """<!doctype html><img id="cover"><audio id="player" muted></audio><script>
const API = %(api)s, READS = %(reads)s, TRACK = %(track)s
const read = async path => {
  const reply = await fetch(API + path, { headers: { 'Content-Type': 'application/json' } })
  return reply.status === 200 ? reply.json() : Promise.reject(new Error(path + reply.status))
}
const event = (target, name) => new Promise((resolve, reject) => {
  target.addEventListener(name, resolve, { once: true })
  target.addEventListener('error', () => reject(new Error(target.id + ' ' + target.src)))
})
const playsOn = (player, from) => new Promise(resolve => player.addEventListener(
  'timeupdate', () => player.currentTime > from + 0.5 && resolve(player.currentTime)))
const run = async () => {
  const kinds = []
  for (const path of READS) kinds.push(Array.isArray(await read(path)) ? 'array' : 'object')
  const track = await read('/music/tracks/' + TRACK)
  const cover = document.getElementById('cover'), player = document.getElementById('player')
  const seen = event(cover, 'load')
  cover.src = track.thumbnail
  await seen
  const known = event(player, 'loadedmetadata')
  player.src = track.audioUrl
  await known
  const middle = player.duration / 2
  const sought = event(player, 'seeked')
  player.currentTime = middle
  await sought
  await player.play()
  const heard = await playsOn(player, middle)
  return { kinds, width: cover.naturalWidth, duration: player.duration, middle, heard }
}
const tell = found => fetch('/', { method: 'POST', body: JSON.stringify(found) })
run().then(tell, error => tell({ error: String(error) }))
</script>"""

EMPTY_FILTERS = "&genre=&artist=&year=&duration=&bitrate=&popularity="
READS = {
    "/health": "object",
    "/scheduler/schedules": "array",
    "/music/tracks?page=1&limit=20": "object",
    "/playlists": "array",
    "/integrations/spotify/playlists": "array",
    "/system/status": "object",
    f"/music/search?q=%20{EMPTY_FILTERS}&page=1&limit=20": "object",
    "/integrations/spotify/tracks/37i9dQ": "array",
}


@pytest.mark.parametrize("kind", ["mp3", "flac"])
def test_a_page_shows_and_plays(
    stack: LocalStack, dj: Person, site: Site, tmp_path: Path, kind: str
) -> None:
    content = numbered_mp3(4001) if kind == "mp3" else numbered_flac(4002)
    track = dj.settled(dj.upload(content, f"browser.{kind}"))
    words = {"api": stack.api, "reads": list(READS), "track": track["id"]}
    site.html = (PAGE % {name: json.dumps(value) for name, value in words.items()}).encode()

    found: dict[str, Any] = visit(site, tmp_path, NO_CLICK_NEEDED)

    assert "error" not in found, found
    assert found["kinds"] == list(READS.values())
    assert found["width"] == 150
    assert found["duration"] == pytest.approx(track["duration"], abs=0.5)
    assert found["middle"] + 0.5 < found["heard"] <= found["duration"]
