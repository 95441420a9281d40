"""What is opened of a search counts for who searched, and once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.search_analytics import RecordedSearch, SearchClick
from djamms.models.user import User
from djamms.search.analytics.clicks_repository import MOST_CLICKS, SURELY_COUNTED
from tests.support.api import Client
from tests.support.factories import make_track, sign_in

CLICK = "/api/music/search/click"
TRACK = {"trackId": str(uuid4())}


@pytest.fixture(autouse=True)
def nights(session: Session) -> None:
    for number in range(10):
        make_track(session, f"Night {number}")


def search(client: Client, **headers: str) -> str:
    found: str = client.get("/api/music/search?q=night", **headers).json()["searchId"]
    return found


def click(
    client: Client, search_id: str, thing: Mapping[str, Any] = TRACK, position: Any = 1
) -> int:
    body = {"searchId": search_id, "position": position, **thing}
    return client.post(CLICK, body).status


def counted(session: Session) -> tuple[int, int | None, int]:
    """Clicks and first position of the one search, and the rows of clicks."""
    one = session.execute(select(RecordedSearch.clicks, RecordedSearch.click_position)).one()
    rows = session.scalar(select(func.count()).select_from(SearchClick)) or 0
    return one.clicks, one.click_position, rows


def test_counts_what_is_opened_once(session: Session, as_user: Client) -> None:
    named = search(as_user)

    assert [click(as_user, named, position=4), click(as_user, named, position=9)] == [204, 204]

    assert counted(session) == (1, 4, 1)


def test_keeps_the_position_of_the_first(session: Session, as_user: Client) -> None:
    named = search(as_user)
    things = [{"type": kind, "id": "x"} for kind in ("artist", "album", "playlist")]

    for position, thing in enumerate([TRACK, *things], start=3):
        assert click(as_user, named, thing, position) == 204

    assert counted(session) == (4, 3, 4)


def test_guests_may_open_what_they_found(session: Session, anonymous: Client) -> None:
    assert click(anonymous, search(anonymous)) == 204

    assert counted(session) == (1, 1, 1)


def test_who_signs_in_after_the_search_is_the_same(
    session: Session, anonymous: Client, user: User
) -> None:
    named = search(anonymous)

    assert click(Client().as_(sign_in(session, user)), named) == 204


def test_a_guest_is_the_same_after_midnight(
    session: Session, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = clock.now().replace(hour=23, minute=59)
    monkeypatch.setattr(clock, "_now", lambda: before)
    named = search(anonymous)
    monkeypatch.setattr(clock, "_now", lambda: before + timedelta(minutes=2))

    assert click(anonymous, named) == 204


def test_searches_of_others_are_none(
    session: Session, as_user: Client, as_other: Client, anonymous: Client
) -> None:
    of_user, of_guest = search(as_user), search(anonymous, **{"X-Session-Id": "mine"})

    assert click(as_other, of_user) == 404
    assert click(anonymous, of_user) == 404
    assert click(anonymous, of_guest) == 404
    assert click(as_user, str(uuid4())) == 404
    assert session.scalar(select(func.count()).select_from(SearchClick)) == 0


def test_a_search_of_yesterday_is_over(session: Session, as_user: Client) -> None:
    named = search(as_user)
    earlier = RecordedSearch.searched_at - timedelta(hours=6, seconds=5)
    session.execute(update(RecordedSearch).values(searched_at=earlier))

    reply = as_user.post(CLICK, {"searchId": named, "position": 1, **TRACK})

    assert reply.status == 404
    assert "last six hours" in reply.json()["message"]


def test_counts_no_more_than_a_person_opens(session: Session, as_user: Client) -> None:
    named = search(as_user)

    for number in range(MOST_CLICKS + 2):
        assert click(as_user, named, {"type": "album", "id": str(number)}) == 204

    assert counted(session)[0] == counted(session)[2] == MOST_CLICKS


@pytest.mark.parametrize(
    ("thing", "position"),
    [
        ({}, 1),
        ({"type": "album"}, 1),
        ({"id": "x"}, 1),
        ({**TRACK, "type": "track", "id": "x"}, 1),
        ({**TRACK, "type": "track"}, 1),
        ({"type": "genre", "id": "x"}, 1),
        ({"type": "album", "id": "x" * 201}, 1),
        ({"type": "album", "id": " "}, 1),
        ({"trackId": "x"}, 1),
        (TRACK, 0),
        (TRACK, 10_001),
        (TRACK, "first"),
        ({**TRACK, "more": 1}, 1),
    ],
)
def test_refuses_what_says_nothing(as_user: Client, thing: dict[str, Any], position: Any) -> None:
    assert click(as_user, search(as_user), thing, position) == 422


def test_a_position_that_the_search_did_not_reach_is_refused(
    session: Session, as_user: Client
) -> None:
    named = search(as_user)

    reply = as_user.post(CLICK, {"searchId": named, "position": 11, **TRACK})

    assert reply.status == 422
    assert reply.json()["details"] == [
        {"field": "position", "reason": "The search found less than that."}
    ]
    assert counted(session) == (0, None, 0)
    assert click(as_user, named, position=10) == 204


def test_nothing_is_opened_of_a_search_in_vain(as_user: Client) -> None:
    named = as_user.get("/api/music/search?q=xylophone").json()["searchId"]

    assert click(as_user, named) == 422


def test_what_is_found_on_a_second_try_can_be_opened(session: Session, as_user: Client) -> None:
    named = search(as_user)
    make_track(session, "Night Bus")

    assert search(as_user) == named
    assert click(as_user, named, position=11) == 204


def test_where_results_are_not_counted_to_the_last_any_position_will_do(
    session: Session, as_user: Client
) -> None:
    named = search(as_user)
    session.execute(update(RecordedSearch).values(result_count=SURELY_COUNTED + 1))

    assert click(as_user, named, position=5000) == 204


def test_is_limited_in_rate(as_user: Client) -> None:
    reply = as_user.post(CLICK, {"searchId": search(as_user), "position": 1, **TRACK})

    assert reply.headers["ratelimit-limit"] == "600"


def test_text_that_cannot_be_stored_is_refused(as_user: Client) -> None:
    assert click(as_user, search(as_user), {"type": "album", "id": "a\0b"}) == 422
