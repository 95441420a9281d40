"""The picture of a playlist: sent by its owner, and the mosaic that takes its place."""

from typing import Any

import httpx

from tests.e2e.conftest import Person, eventually, numbered_flac
from tests.support.pictures import cover


def test_a_picture_is_shown_and_gives_way_to_a_mosaic(dj: Person) -> None:
    use_covers(dj)


def use_covers(dj: Person) -> None:
    track = dj.settled(dj.upload(numbered_flac(5001), "cover.flac"))
    path = f"/playlists/{dj.ok('POST', '/playlists', json={'name': 'Pictured'})['id']}"
    dj.ok("POST", f"{path}/tracks", json={"trackIds": [track["id"]]})
    own = send(dj, path)
    assert (own["state"], own["isOwn"]) == ("ready", True)
    assert httpx.get(own["thumbnail"]).headers["cache-control"].endswith("immutable")

    dj.ok("DELETE", f"{path}/cover")

    shown = eventually(lambda: pictured(dj, path))
    assert shown["image"] != own["image"]
    assert httpx.get(shown["image"]).status_code == 200
    eventually(lambda: httpx.get(own["image"]).status_code != 200 or None)


def send(dj: Person, path: str) -> dict[str, Any]:
    picture = cover("PNG")
    wanted = {"contentType": "image/png", "size": len(picture)}
    form = dj.ok("PUT", f"{path}/cover", json=wanted)["upload"]
    sent = httpx.post(form["url"], data=form["fields"], files={"file": picture}, timeout=30)
    assert sent.is_success, sent.text

    def look() -> dict[str, Any] | None:
        body: dict[str, Any] = dj.ok("GET", f"{path}/cover")
        return body if body["state"] != "waiting" else None

    return eventually(look)


def pictured(dj: Person, path: str) -> dict[str, Any] | None:
    body: dict[str, Any] = dj.ok("GET", path)
    return body if body["thumbnail"] else None
