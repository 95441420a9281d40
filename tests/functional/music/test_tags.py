"""A user's own words and moods on tracks."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.support.api import Client
from tests.support.factories import make_track


def change(client: Client, track_id: object, tags: Any) -> Any:
    return client.put(f"/api/music/tracks/{track_id}", {"tags": tags})


def test_are_set_once_each_in_their_first_spelling(session: Session, as_moderator: Client) -> None:
    track = make_track(session, "Halo")

    reply = change(as_moderator, track.id, [" Night  Drive", "night-drive", "Calm"])

    assert reply.json()["tags"] == ["Night Drive", "Calm"]
    assert change(as_moderator, track.id, None).json()["tags"] == []


@pytest.mark.parametrize(
    "tags", [["a" * 51], ["!!"], ["a,b"], [""], [f"tag {number}" for number in range(31)]]
)
def test_refuses_what_is_no_tag(session: Session, as_moderator: Client, tags: list[str]) -> None:
    track = make_track(session, "Halo")

    assert change(as_moderator, track.id, tags).status == 422


def test_others_may_not_set_them(session: Session, as_user: Client, anonymous: Client) -> None:
    track = make_track(session, "Halo")

    assert change(as_user, track.id, ["mine"]).status == 403
    assert change(anonymous, track.id, ["mine"]).status == 401


def test_many_tracks_get_them_at_once(session: Session, as_moderator: Client) -> None:
    tracks = [make_track(session, title) for title in ("One", "Two")]
    ids = [str(track.id) for track in tracks]

    edit = {"trackIds": ids, "changes": {"tags": ["Morning"]}}
    assert as_moderator.post("/api/music/tracks/bulk-edit", edit).status == 200

    found = as_moderator.get("/api/music/search?q=&tags=morning").json()["tracks"]
    assert {track["id"] for track in found} == set(ids)


def test_the_list_is_narrowed_by_tags_and_genres(session: Session, as_user: Client) -> None:
    make_track(session, "One", genre="Hip Hop", tags=["Calm", "Late"])
    make_track(session, "Two", genre="Hip Hop", tags=["calm"])

    def titles(tags: str) -> list[str]:
        page = as_user.get(f"/api/music/tracks?sort=title&tags={tags}").json()
        return [track["title"] for track in page["tracks"]]

    assert titles("CALM,hip-hop") == ["One", "Two"]
    assert titles("calm,late") == ["One"]
    assert titles("late,rock") == []
