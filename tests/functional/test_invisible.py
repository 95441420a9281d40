"""A name that shows nothing is no name."""

import pytest
from sqlalchemy.orm import Session

from djamms.models.user import User
from tests.support.api import Client
from tests.support.factories import make_track

BLANKS = {
    "zero width space": "\u200b",
    "byte order mark": "\ufeff",
    "direction marks": "\u200e\u200f\u202e\u2066",
    "no-break and ideographic space": "\u00a0\u3000",
    "soft hyphen": "\u00ad",
    "word joiner between spaces": " \u2060 ",
    "Hangul filler": "\u3164",
    "variation selector": "\ufe0f",
    "blank Braille": "\u2800",
    "tag characters": "\U000e0061\U000e007f",
}
SHOWN = {
    "emoji of several": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "heart with selector": "\u2764\ufe0f",
    "Persian with a non-joiner": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "Hebrew with a mark": "\u05d0\u200f",
}


@pytest.mark.parametrize("blank", BLANKS.values(), ids=BLANKS)
def test_is_refused_where_a_name_is_needed(
    session: Session, as_user: Client, user: User, blank: str
) -> None:
    track = make_track(session, uploaded_by=user.id)
    upload = {"filename": blank, "contentType": "audio/mpeg", "size": 9}

    for reply, field in (
        (as_user.post("/api/playlists", {"name": blank}), "name"),
        (as_user.put(f"/api/music/tracks/{track.id}", {"title": blank}), "title"),
        (as_user.post("/api/music/tracks", upload), "filename"),
    ):
        assert reply.status == 422
        assert reply.json()["details"][0]["field"] == field


@pytest.mark.parametrize("name", SHOWN.values(), ids=SHOWN)
def test_what_shows_something_stays_as_it_is(as_user: Client, name: str) -> None:
    reply = as_user.post("/api/playlists", {"name": name})

    assert (reply.status, reply.json()["name"]) == (201, name)


def test_a_user_without_a_visible_name_is_called_by_the_user_name(anonymous: Client) -> None:
    account = {"username": "ada.l", "email": "ada.l@example.test", "password": "long enough"}

    reply = anonymous.post("/api/auth/register", account | {"name": "\u200b"})

    assert reply.json()["user"]["name"] == "ada.l"


@pytest.mark.parametrize("unknown", [21, 20_000])
def test_thousands_of_mistakes_are_told_by_the_first(as_user: Client, unknown: int) -> None:
    body = {"name": "Evening"} | {f"x{number}": 1 for number in range(unknown)}

    reply = as_user.post("/api/playlists", body)

    details = reply.json()["details"]
    assert (reply.status, len(details)) == (422, 21)
    assert details[0]["field"] == "x0"
    assert details[-1] == {"field": "", "reason": f"and {unknown - 20} more"}
