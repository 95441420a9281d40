"""A song goes up, is found and plays: the whole way, by HTTP only."""

from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Person, numbered_flac, numbered_mp3
from tests.support.audio import numbered_tags

MP3, FLAC = 1001, 1040


@pytest.fixture(scope="module")
def mp3_track(dj: Person) -> dict[str, Any]:
    return dj.settled(dj.upload(numbered_mp3(MP3), "one.mp3"))


@pytest.fixture(scope="module")
def flac_track(dj: Person) -> dict[str, Any]:
    return dj.settled(dj.upload(numbered_flac(FLAC), "two.flac", "audio/flac"))


def test_an_mp3_becomes_a_track(mp3_track: dict[str, Any]) -> None:
    tags = numbered_tags(MP3)

    assert mp3_track["state"] == "ready"
    assert (mp3_track["title"], mp3_track["artist"]) == (tags["TIT2"], tags["TPE1"])
    assert (mp3_track["album"], str(mp3_track["year"])) == (tags["TALB"], tags["TDRC"])
    assert (mp3_track["duration"], mp3_track["bitrate"]) == (10, 128)


def test_a_flac_becomes_a_track(flac_track: dict[str, Any]) -> None:
    assert flac_track["state"] == "ready"
    assert flac_track["title"] == numbered_tags(FLAC)["TIT2"]
    assert flac_track["duration"] == 4


def test_lists_and_detail_show_it(
    mp3_track: dict[str, Any], flac_track: dict[str, Any], guest: httpx.Client
) -> None:
    listed = guest.get("/music/tracks", params={"page": 1, "limit": 50}).json()
    detail = guest.get(f"/music/metadata/{mp3_track['id']}").json()

    assert {mp3_track["id"], flac_track["id"]} <= {track["id"] for track in listed["tracks"]}
    assert detail["title"] == mp3_track["title"]


@pytest.mark.parametrize("tag", ["TIT2", "TPE1", "TALB"])
def test_search_finds_it(mp3_track: dict[str, Any], guest: httpx.Client, tag: str) -> None:
    found = guest.get("/music/search", params={"q": numbered_tags(MP3)[tag]}).json()

    assert mp3_track["id"] in {track["id"] for track in found["tracks"]}


@pytest.mark.parametrize(("size", "pixels"), [("small", 150), ("medium", 300), ("large", 600)])
def test_artwork_is_there_in_three_sizes(
    mp3_track: dict[str, Any], guest: httpx.Client, size: str, pixels: int
) -> None:
    found = guest.get(f"/music/artwork/{mp3_track['id']}", params={"size": size}).json()
    picture = httpx.get(found["url"])

    assert (found["width"], found["height"]) == (pixels, pixels)
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
    assert "max-age=31536000" in picture.headers["cache-control"]


def test_the_thumbnail_needs_no_header(mp3_track: dict[str, Any]) -> None:
    assert httpx.get(mp3_track["thumbnail"]).status_code == 200


def test_it_goes_into_a_playlist_twice(
    dj: Person, mp3_track: dict[str, Any], flac_track: dict[str, Any]
) -> None:
    wanted = [flac_track["id"], mp3_track["id"], flac_track["id"]]
    playlist = dj.ok("POST", "/playlists", json={"name": "Friday", "isPublic": True})

    dj.ok("POST", f"/playlists/{playlist['id']}/tracks", json={"trackIds": wanted})

    tracks = dj.ok("GET", f"/playlists/{playlist['id']}/tracks")
    assert [track["id"] for track in tracks] == wanted


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        (None, 200, slice(None)),
        ("bytes=0-99", 206, slice(0, 100)),
        ("bytes=1000-", 206, slice(1000, None)),
        ("bytes=-500", 206, slice(-500, None)),
    ],
)
def test_it_plays_from_any_place(
    mp3_track: dict[str, Any], asked: str | None, status: int, part: slice
) -> None:
    headers = {"Range": asked} if asked else {}

    reply = httpx.get(mp3_track["audioUrl"], headers=headers, follow_redirects=True)

    assert [step.status_code for step in reply.history] == [302]
    assert reply.status_code == status
    assert reply.content == numbered_mp3(MP3)[part]


def test_audio_is_not_there_without_a_signature(mp3_track: dict[str, Any]) -> None:
    signed = httpx.get(mp3_track["audioUrl"]).headers["location"]

    assert httpx.get(signed.partition("?")[0]).status_code == 403


def test_what_is_no_audio_fails_with_its_reason(dj: Person) -> None:
    track = dj.settled(dj.upload(b"just words, again and again\n" * 100, "song.mp3"))

    assert track["state"] == "failed"
    assert track["failure"]["code"] == "not_audio"
    assert track["failure"]["message"]


def test_signing_out_takes_effect_at_once(dj: Person) -> None:
    words = {"login": dj.username, "password": "correct horse battery"}
    token = dj.ok("POST", "/auth/login", json=words)["token"]
    headers = {"Authorization": f"Bearer {token}"}
    url = dj.http.base_url

    assert httpx.post(f"{url}auth/logout", headers=headers).status_code == 200

    assert httpx.get(f"{url}auth/user", headers=headers).status_code == 401


def test_a_refresh_token_renews_and_a_repeat_gets_the_same(dj: Person) -> None:
    words = {"login": dj.username, "password": "correct horse battery"}
    first = dj.ok("POST", "/auth/login", json=words)["refreshToken"]

    second = dj.ok("POST", "/auth/refresh", json={"refreshToken": first})["refreshToken"]

    assert second != first
    assert dj.ok("POST", "/auth/refresh", json={"refreshToken": first})["refreshToken"] == second
