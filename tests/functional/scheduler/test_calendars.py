"""Entries as files for the calendars of people."""

import pytest
from sqlalchemy.orm import Session

from djamms.models.playlist import Playlist
from djamms.models.system import SystemSetting
from tests.support.api import Client, Reply
from tests.support.venue import make_public, plan_entry

PLAN = "/api/scheduler/schedules.ics"


@pytest.fixture
def late(session: Session) -> Playlist:
    return make_public(session, "Late")


def summaries(reply: Reply) -> list[str]:
    return [one[8:] for one in reply.text.split("\r\n") if one.startswith("SUMMARY:")]


def test_anyone_subscribes_to_the_plan(
    session: Session, late: Playlist, anonymous: Client, as_moderator: Client
) -> None:
    plan_entry(session, "Day", "08:00", "10:00", playlist=late)
    plan_entry(session, "Night", "22:00", "06:00", playlist=None)
    plan_entry(session, "Off", "08:00", "10:00", playlist=late, is_active=False)

    for client in (anonymous, as_moderator):
        reply = client.get(PLAN)
        assert (reply.status, summaries(reply)) == (200, ["Day", "Night"])
    assert reply.headers["content-type"] == "text/calendar; charset=utf-8"
    assert reply.text.count("DESCRIPTION:Late") == 1
    again = anonymous.get(PLAN, **{"If-None-Match": reply.headers["etag"]})
    assert (again.status, again.text) == (304, "")


def test_an_empty_plan_is_a_calendar(anonymous: Client) -> None:
    reply = anonymous.get(PLAN)

    assert reply.text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert reply.text.endswith("END:VCALENDAR\r\n")


def test_one_entry_as_a_file(
    session: Session, late: Playlist, as_user: Client, as_moderator: Client
) -> None:
    day = plan_entry(session, "Day", "08:00", "10:00", playlist=late)
    off = plan_entry(session, "Off", "08:00", "10:00", playlist=late, is_active=False)
    paths = [f"/api/scheduler/schedules/{one}.ics" for one in (day.id, off.id, "none")]

    assert [as_user.get(path).status for path in paths] == [200, 404, 404]
    assert summaries(as_user.get(paths[0])) == ["Day"]
    assert "STATUS:CANCELLED" in as_moderator.get(paths[1]).text


def test_closed_to_guests_where_they_are_not_welcome(
    session: Session, anonymous: Client, as_user: Client
) -> None:
    session.get_one(SystemSetting, "guest.access").value = False
    session.flush()

    assert (anonymous.get(PLAN).status, as_user.get(PLAN).status) == (401, 200)
