"""The endpoint of suggestions, and the kinds that a search is asked for."""

from urllib.parse import quote

import pytest
from sqlalchemy.orm import Session

from djamms.invisible import has_controls
from tests.support.api import Client
from tests.support.factories import make_playlist, make_track, make_user


@pytest.fixture
def catalogue(session: Session) -> None:
    make_track(session, "Rain <Dance>", artist="Rain Men", album="Rain & Snow", year=1999)
    make_playlist(session, make_user(session).id, name="Rain Walk", is_public=True, track_count=3)


@pytest.mark.usefixtures("catalogue")
def test_each_suggestion_leads_somewhere(anonymous: Client) -> None:
    reply = anonymous.get("/api/music/suggest?q=rain").json()

    assert (reply["query"], reply["engine"], reply["degraded"]) == ("rain", "postgres", False)
    found = {one["type"]: one for one in reply["suggestions"]}
    assert found["track"]["highlighted"] == "<em>Rain</em> &lt;Dance&gt;"
    assert found["artist"]["trackCount"] == 1
    assert found["playlist"]["trackCount"] == 3
    for one in found.values():
        assert anonymous.get(one["url"].removeprefix("http://localhost:3001")).status == 200
    tracks = anonymous.get(found["album"]["url"].removeprefix("http://localhost:3001")).json()
    assert [track["title"] for track in tracks["tracks"]] == ["Rain <Dance>"]


@pytest.mark.usefixtures("catalogue")
def test_a_search_answers_the_kinds_that_are_asked_for(anonymous: Client) -> None:
    reply = anonymous.get("/api/music/search?q=rain&types=artist,album,playlist").json()

    assert (reply["tracks"], reply["total"]) == ([], 0)
    assert [artist["name"] for artist in reply["artists"]] == ["Rain Men"]
    assert [(album["name"], album["year"]) for album in reply["albums"]] == [("Rain & Snow", 1999)]
    assert [(one["name"], one["isPublic"]) for one in reply["playlists"]] == [("Rain Walk", True)]


@pytest.mark.usefixtures("catalogue")
def test_a_search_for_tracks_answers_tracks_only(anonymous: Client) -> None:
    reply = anonymous.get("/api/music/search?q=rain").json()

    assert reply["total"] == 1
    assert (reply["artists"], reply["albums"], reply["playlists"]) == ([], [], [])


@pytest.mark.parametrize(
    "query",
    ["suggest?types=track,song", "search?types=song", "suggest?limit=21", f"suggest?q={'x' * 101}"],
)
def test_refuses_what_it_cannot_read(anonymous: Client, query: str) -> None:
    reply = anonymous.get(f"/api/music/{query}")

    assert reply.status == 422
    assert "song" in str(reply.json()) or "types" not in query


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("types", ["", ",", " , "])
def test_no_kind_means_all(anonymous: Client, types: str) -> None:
    named = quote(types)
    reply = anonymous.get(f"/api/music/search?q=rain&types={named}").json()
    suggested = anonymous.get(f"/api/music/suggest?q=rain&types={named}").json()["suggestions"]

    found = [len(reply[of]) for of in ("tracks", "artists", "albums", "playlists")]
    assert found == [1, 1, 1, 1]
    assert {one["type"] for one in suggested} == {"track", "artist", "album", "playlist"}


@pytest.mark.parametrize("sent", ["a\x1bb", "a\x00b", "a\nb", "a\u202eb"])
@pytest.mark.parametrize("parameter", ["types", "year"])
def test_what_is_refused_comes_back_without_controls(
    anonymous: Client, sent: str, parameter: str
) -> None:
    reply = anonymous.get(f"/api/music/search?q=rain&{parameter}={quote(sent)}")

    assert reply.status == 422
    assert not has_controls(str(reply.json()["message"]))
    assert not any(has_controls(text) for one in reply.json()["details"] for text in one.values())


def test_an_unknown_parameter_comes_back_without_controls(anonymous: Client) -> None:
    reply = anonymous.get(f"/api/music/search?{quote('a' + chr(27))}=1")

    assert "a\\x1b: unknown parameter" in reply.json()["message"]
