"""The plan as it is read from its rows."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from djamms.models.playlist import Playlist
from djamms.models.system import SystemSetting
from djamms.models.user import Role
from djamms.scheduler import venue
from djamms.scheduler.plan.contenders import Entry
from tests.support.factories import make_playlist, make_user
from tests.support.venue import at, make_public, plan_entry

MADE = datetime(2026, 5, 1, 9, 30, 15, 123456, tzinfo=UTC)


def test_an_entry_is_in_the_plan_as_it_is_saved(session: Session) -> None:
    songs = make_public(session, "Songs")
    row = plan_entry(
        session,
        "Night",
        "22:45",
        "00:00",
        playlist=songs,
        selected_days=["sunday", "monday"],
        timezone="Europe/Lisbon",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        except_dates=[date(2026, 5, 9), date(2026, 5, 16)],
        priority=-7,
        created_at=MADE,
    )

    [entry] = venue.load(session, since=at("12:00")).entries

    assert entry == Entry(
        id=row.id,
        playlist_id=songs.id,
        zone="Europe/Lisbon",
        start=22 * 60 + 45,
        end=0,
        created_at=entry.created_at,
        weekdays=0b1000001,
        first=date(2026, 1, 1).toordinal(),
        last=date(2026, 12, 31).toordinal(),
        except_dates=frozenset({date(2026, 5, 9).toordinal(), date(2026, 5, 16).toordinal()}),
        priority=-7,
        title="Night",
        playlist="Songs",
    )
    assert entry.created_at == pytest.approx(MADE.timestamp(), abs=1e-6)


def test_what_is_bound_to_dates_has_them(session: Session) -> None:
    dates = [date(1999, 12, 31), date(2026, 5, 8)]
    plan_entry(session, "Party", "20:00", "23:00", playlist=None, dates=dates)

    [entry] = venue.load(session, since=at("12:00")).entries

    assert entry.dates == {one.toordinal() for one in dates}
    assert (entry.first, entry.last, entry.playlist_id, entry.playlist) == (None, None, None, "")


def test_what_is_switched_off_is_not_in_it(session: Session) -> None:
    plan_entry(session, "Off", "20:00", "23:00", playlist=None, is_active=False)

    assert venue.load(session, since=at("12:00")).entries == ()


def test_settings_that_are_missing_mean_utc_and_silence(session: Session) -> None:
    session.execute(delete(SystemSetting))

    found = venue.load(session, since=at("12:00"))

    assert (found.zone, found.default) == ("UTC", None)


@pytest.mark.parametrize("said", ["Mars/Base", "Factory", 5, "", "x" * 60])
def test_a_setting_that_names_no_zone_means_utc(session: Session, said: object) -> None:
    session.get_one(SystemSetting, "venue.timezone").value = said
    session.flush()

    assert venue.load(session, since=at("12:00")).zone == "UTC"


def test_nobodys_own_playlist_becomes_the_default_by_its_name(session: Session) -> None:
    session.execute(delete(Playlist).where(Playlist.name == "House Default"))
    user, planner = make_user(session), make_user(session, "bob", Role.MODERATOR)

    make_playlist(session, user.id, name="House Default", is_public=True)
    before = venue.load(session, since=at("12:00")).default
    theirs = make_playlist(session, planner.id, name="House Default")
    after = venue.load(session, since=at("12:00")).default

    assert before is None
    assert after == venue.Playing(theirs.id, "House Default")
