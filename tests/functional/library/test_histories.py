"""What was played and searched for."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.library import PlaybackEvent, SearchEvent
from djamms.models.track import Track
from djamms.models.user import User
from djamms.search.analytics.record_repository import MOST_KEPT
from tests.support.api import Client, next_link
from tests.support.factories import make_track

HISTORY, SEARCHES = "/api/user/history", "/api/user/search-history"


def queries(client: Client) -> list[str]:
    return [one["query"] for one in client.get(SEARCHES).json()]


def searched(client: Client, *words: str) -> None:
    for word in words:
        assert client.get(f"/api/music/search?q={word}").status == 200


def age(session: Session, **by: float) -> None:
    older = SearchEvent.searched_at - timedelta(**by)
    session.execute(update(SearchEvent).values(searched_at=older))


def test_lists_what_was_played_last_first(
    session: Session, as_user: Client, as_other: Client
) -> None:
    first, second = make_track(session, "First"), make_track(session, "Second")
    for track in (first, second, first):
        body = {"source": "queue", "durationPlayed": 20}
        as_user.post(f"/api/music/tracks/{track.id}/play", body)
        earlier = PlaybackEvent.played_at - timedelta(minutes=1)  # a test has but one instant
        session.execute(update(PlaybackEvent).values(played_at=earlier))

    history = as_user.get(HISTORY)

    assert [one["title"] for one in history.json()] == ["First", "Second", "First"]
    assert {(one["playedFrom"], one["durationPlayed"]) for one in history.json()} == {("queue", 20)}
    assert len({one["eventId"] for one in history.json()}) == 3
    assert history.headers["x-total-count"] == "3"
    assert as_other.get(HISTORY).json() == []


def test_history_keeps_what_is_missing(session: Session, as_user: Client) -> None:
    track = make_track(session, "Lost")
    as_user.post(f"/api/music/tracks/{track.id}/play", {})

    session.execute(update(Track).values(is_active=False, deleted_at=clock.now()))

    assert [(one["title"], one["state"]) for one in as_user.get(HISTORY).json()] == [
        ("Lost", "missing")
    ]


def test_pages_the_history(session: Session, as_user: Client, user: User) -> None:
    track, now = make_track(session), clock.now()
    for number in range(5):
        played = now - timedelta(minutes=number // 2)
        session.add(PlaybackEvent(user_id=user.id, track_id=track.id, played_at=played))
    session.flush()

    seen, path = [], f"{HISTORY}?limit=2"
    while path:
        reply = as_user.get(path)
        seen += [one["eventId"] for one in reply.json()]
        path = next_link(reply)

    assert len(seen) == len(set(seen)) == 5


def test_keeps_what_a_signed_in_person_searches_for(
    session: Session, as_user: Client, as_other: Client, anonymous: Client
) -> None:
    make_track(session, "Night Ferry")

    as_user.get("/api/music/search?q=+night+ferry+&genre=jazz&artist=")
    anonymous.get("/api/music/search?q=ferry")

    [entry] = as_user.get(SEARCHES).json()
    assert (entry["query"], entry["filters"], entry["resultCount"]) == (
        "night ferry",
        {"genre": "jazz"},
        1,
    )
    assert as_other.get(SEARCHES).json() == []


def test_typing_on_makes_one_entry(session: Session, as_user: Client) -> None:
    searched(as_user, "n", "nig", "Night", "night+fer", "blue", "blue", "bl")

    assert queries(as_user) == ["bl", "blue", "night fer"]


def test_a_longer_word_later_is_another_search(session: Session, as_user: Client) -> None:
    searched(as_user, "night")
    age(session, minutes=3)
    searched(as_user, "nightwish", "NIGHTWISH")

    assert queries(as_user) == ["NIGHTWISH", "night"]


@pytest.mark.parametrize("path", ["q=", "q=%20", "q=!!", "q=blue&page=2", "genre=jazz"])
def test_turning_pages_and_browsing_is_no_search(as_user: Client, path: str) -> None:
    assert as_user.get(f"/api/music/search?{path}").status == 200

    assert queries(as_user) == []


def test_who_does_not_want_it_is_not_remembered(
    session: Session, as_user: Client, user: User
) -> None:
    searched(as_user, "before")
    user.preferences = {"saveSearchHistory": False}
    session.flush()

    searched(as_user, "secret")

    assert queries(as_user) == ["before"]


def test_the_oldest_searches_go(session: Session, as_user: Client, user: User) -> None:
    now = clock.now()
    session.add_all(
        SearchEvent(user_id=user.id, query=f"q{n}", searched_at=now - timedelta(hours=n + 1))
        for n in range(MOST_KEPT)
    )
    session.flush()

    searched(as_user, "newest")

    listed = as_user.get(f"{SEARCHES}?limit=1000").json()
    assert len(listed) == MOST_KEPT
    assert (listed[0]["query"], listed[-1]["query"]) == ("newest", f"q{MOST_KEPT - 2}")


def test_clears_the_searches_of_one_person(as_user: Client, as_other: Client) -> None:
    searched(as_user, "one", "two")
    searched(as_other, "three")

    replies = [as_user.delete(SEARCHES) for _ in range(2)]

    assert [(one.status, one.json()) for one in replies] == [(200, {"deleted": n}) for n in (2, 0)]
    assert queries(as_user) == []
    assert queries(as_other) == ["three"]


def test_pages_the_searches(as_user: Client) -> None:
    searched(as_user, *"abc")

    found: list[Any] = []
    path = f"{SEARCHES}?limit=2"
    while path:
        reply = as_user.get(path)
        found.append([one["query"] for one in reply.json()])
        path = next_link(reply)

    assert found == [["c", "b"], ["a"]]
