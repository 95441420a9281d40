"""`GET /api/scheduler/history`: what became current."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from djamms.models.schedule import PlayoutEvent, PlayoutZone
from tests.support.api import Client, next_link
from tests.support.venue import at, text

HISTORY = "/api/scheduler/history"


@pytest.fixture(autouse=True)
def _zone(session: Session) -> None:
    session.merge(PlayoutZone(name="main", followed_until=at("12:00")))
    session.flush()


def add(session: Session, clock: str, **values: Any) -> PlayoutEvent:
    usual = {"zone": "main", "source": "entry", "rule": "only", "title": "Midday"}
    playlist = {"playlist_id": uuid4(), "playlist": "Lunch", "entry_id": uuid4()}
    event = PlayoutEvent(at=at(clock), **{**usual, **playlist, **values})
    session.add(event)
    session.flush()
    return event


def test_tells_what_became_current_under_the_names_of_then(
    session: Session, anonymous: Client
) -> None:
    late = at("09:00") + timedelta(minutes=7)
    event = add(session, "09:00", until=at("11:00"), is_missed=True, recorded_at=late)

    assert anonymous.get(HISTORY).json() == [
        {
            "at": text(at("09:00")),
            "until": text(at("11:00")),
            "zone": "main",
            "source": "entry",
            "rule": "only",
            "title": "Midday",
            "entryId": str(event.entry_id),
            "overrideId": None,
            "playlist": {"id": str(event.playlist_id), "name": "Lunch"},
            "missed": True,
            "recordedAt": text(late),
        }
    ]


def test_the_newest_comes_first_page_by_page(session: Session, anonymous: Client) -> None:
    for clock in ("09:00", "10:00", "11:00"):
        add(session, clock)

    first = anonymous.get(f"{HISTORY}?limit=2")
    second = anonymous.get(next_link(first))

    assert [one["at"] for one in first.json()] == [text(at("11:00")), text(at("10:00"))]
    assert [one["at"] for one in second.json()] == [text(at("09:00"))]
    assert (first.headers["x-total-count"], next_link(second)) == ("3", "")


def test_why_is_told_to_those_who_may_change_the_plan(
    session: Session, as_moderator: Client, as_user: Client
) -> None:
    stopped = {"source": "stop", "rule": "emergencyStop", "title": "Smoke", "entry_id": None}
    add(session, "10:00", override_id=uuid4(), playlist_id=None, playlist="", **stopped)

    [told], [untold] = (client.get(HISTORY).json() for client in (as_moderator, as_user))

    assert (told["title"], told["playlist"]) == ("Smoke", None)
    assert untold == {**told, "title": ""}


@pytest.mark.parametrize("cursor", ["x", "0", "-1", "99999999999", "1.5"])
def test_refuses_a_made_up_cursor(anonymous: Client, cursor: str) -> None:
    assert anonymous.get(f"{HISTORY}?cursor={cursor}").status == 400
