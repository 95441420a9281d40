"""Entries as clients make, change and delete them."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from djamms.models.audit import AuditEvent
from djamms.models.playlist import Playlist
from djamms.models.schedule import ScheduleEntry
from djamms.models.system import SystemSetting
from djamms.models.user import Role, User
from djamms.scheduler import editing
from tests.support.api import Client, Reply
from tests.support.factories import make_playlist, make_user, sign_in
from tests.support.venue import make_public, plan_entry

SCHEDULES = "/api/scheduler/schedules"
NIGHT: dict[str, Any] = {
    "title": "Night",
    "playlist": "Late",
    "day": "friday",
    "startTime": "22:00",
    "endTime": "06:00",
}


@pytest.fixture
def late(session: Session) -> Playlist:
    return make_public(session, "Late")


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that playout is told."""
    told: list[str] = []
    monkeypatch.setattr("djamms.scheduler.waking.wake_playout", lambda: told.append("woken"))
    return told


def made(client: Client, **words: Any) -> dict[str, Any]:
    reply = client.post(SCHEDULES, {**NIGHT, **words})
    assert reply.status == 201, reply.text
    return dict(reply.json())


def reason(reply: Reply) -> tuple[int, str]:
    """The status and the field that is at fault."""
    return reply.status, reply.json()["details"][0]["field"]


@pytest.mark.usefixtures("late")
def test_the_form_of_an_entry(as_moderator: Client, late: Playlist, anonymous: Client) -> None:
    entry = made(as_moderator)

    moments = {name: entry.pop(name) for name in ("createdAt", "updatedAt")}
    assert all(moment.endswith("Z") for moment in moments.values())
    assert UUID(entry.pop("id"))
    assert entry == {
        "title": "Night",
        "name": "Night",
        "playlist": "Late",
        "playlistId": str(late.id),
        "day": "friday",
        "selectedDays": ["friday"],
        "startTime": "22:00",
        "endTime": "06:00",
        "timezone": "UTC",
        "startDate": None,
        "endDate": None,
        "dates": [],
        "exceptDates": [],
        "priority": 0,
        "type": "playlist",
        "active": True,
        "tracks": [],
        "conflicts": [],
    }
    assert anonymous.get(SCHEDULES).json() == [made_without(entry, moments, anonymous)]


def made_without(entry: dict[str, Any], moments: dict[str, Any], client: Client) -> dict[str, Any]:
    """What a list shows: all but the conflicts."""
    [listed] = client.get(SCHEDULES).json()
    shown = {name: value for name, value in entry.items() if name != "conflicts"}
    return {**shown, **moments, "id": listed["id"]}


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize(
    ("words", "field", "expected"),
    [
        ({"selectedDays": ["Sunday", "monday"], "day": None}, "selectedDays", ["monday", "sunday"]),
        ({"selectedDays": ["monday", "friday"]}, "selectedDays", ["friday", "monday"]),
        ({"selectedDays": []}, "selectedDays", ["friday"]),
        ({"selected_days": ["FRIDAY", "friday"]}, "selectedDays", ["friday"]),
        ({"day": "Saturday"}, "day", "saturday"),
        ({"title": None, "name": "Other"}, "title", "Other"),
        ({"startTime": "7:05"}, "startTime", "07:05"),
        ({"startTime": "07:05:00"}, "startTime", "07:05"),
        ({"end_time": "24:00", "endTime": None}, "endTime", "00:00"),
        ({"timezone": "europe/lisbon"}, "timezone", "Europe/Lisbon"),
        ({"timezone": ""}, "timezone", "UTC"),
        ({"isActive": False}, "active", False),
        ({"playlist": "lATE"}, "playlist", "Late"),
        ({"dates": ["2026-12-31", "2026-01-01", "2026-12-31"]}, "day", "thursday"),
        ({"dates": ["2026-12-31", "2026-01-02"]}, "selectedDays", ["friday", "thursday"]),
        ({"startDate": "2026-01-01", "endDate": "2026-01-01"}, "endDate", "2026-01-01"),
        ({"priority": -100}, "priority", -100),
    ],
)
def test_takes_what_clients_write(
    as_moderator: Client, words: dict[str, Any], field: str, expected: object
) -> None:
    body = {name: value for name, value in {**NIGHT, **words}.items() if value is not None}

    reply = as_moderator.post(SCHEDULES, body)

    assert (reply.status, reply.json().get(field)) == (201, expected)


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"title": None}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"playlist": None}, "playlist"),
        ({"playlist": "Nobody's"}, "playlist"),
        ({"playlistId": str(UUID(int=7))}, "playlistId"),
        ({"day": None}, "selectedDays"),
        ({"day": "mo"}, "day"),
        ({"selectedDays": ["noday"]}, "selectedDays.0"),
        ({"startTime": None}, "startTime"),
        ({"endTime": None}, "endTime"),
        ({"startTime": "24:00"}, "startTime"),
        ({"startTime": "9:5"}, "startTime"),
        ({"endTime": "10:00:30"}, "endTime"),
        ({"endTime": "24:01"}, "endTime"),
        ({"endTime": "24:00 or so"}, "endTime"),
        ({"startTime": "09:0\N{ARABIC-INDIC DIGIT THREE}"}, "startTime"),
        ({"endTime": "1\N{ARABIC-INDIC DIGIT NINE}:00"}, "endTime"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"priority": 101}, "priority"),
        ({"startDate": "2026-02-30"}, "startDate"),
        ({"startDate": "1999-12-31"}, "startDate"),
        ({"startDate": "2026-02-02", "endDate": "2026-02-01"}, "endDate"),
        ({"startDate": "2026-02-02", "dates": ["2026-02-02"]}, "startDate"),
        ({"exceptDates": ["2026-13-01"]}, "exceptDates.0"),
        ({"type": "radio"}, "type"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_says_which_word_is_wrong(as_admin: Client, words: dict[str, Any], field: str) -> None:
    body = {name: value for name, value in {**NIGHT, **words}.items() if value is not None}

    reply = as_admin.post(SCHEDULES, body)

    assert reason(reply) == (422, field)


@pytest.mark.parametrize("word", ["dates", "exceptDates"])
def test_has_at_most_366_dates(as_moderator: Client, late: Playlist, word: str) -> None:
    many = [f"20{n // 336 + 26}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}" for n in range(367)]

    assert reason(as_moderator.post(SCHEDULES, {**NIGHT, word: many})) == (422, word)
    assert len(made(as_moderator, **{word: many[1:]})[word]) == 366


def test_the_venue_has_a_time_zone(session: Session, as_moderator: Client, late: Playlist) -> None:
    zone = SystemSetting.key == "venue.timezone"
    session.execute(update(SystemSetting).where(zone).values(value="Asia/Tokyo"))

    entry = made(as_moderator)
    session.execute(update(SystemSetting).where(zone).values(value="Europe/Lisbon"))

    assert entry["timezone"] == "Asia/Tokyo"
    assert as_moderator.put(f"{SCHEDULES}/{entry['id']}", {}).json()["timezone"] == "Asia/Tokyo"


def test_what_was_read_can_be_sent_back(as_moderator: Client, late: Playlist) -> None:
    entry = made(as_moderator, selectedDays=["friday", "monday"], priority=3)
    path = f"{SCHEDULES}/{entry['id']}"

    assert as_moderator.put(path, entry).json() == entry
    assert as_moderator.put(path, {}).json() == entry
    assert as_moderator.get(path).json() == {
        name: value for name, value in entry.items() if name != "conflicts"
    }


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"title": "New"}, "name", "New"),
        ({"name": "New"}, "title", "New"),
        ({"playlist": "Early"}, "playlist", "Early"),
        ({"day": "sunday"}, "selectedDays", ["sunday"]),
        ({"day": "monday"}, "selectedDays", ["monday", "friday"]),
        ({"selectedDays": ["tuesday"]}, "day", "tuesday"),
        ({"selectedDays": ["friday", "sunday"]}, "selectedDays", ["friday", "sunday"]),
        ({"active": False}, "active", False),
        ({"startDate": "2026-01-01"}, "startDate", "2026-01-01"),
        ({"exceptDates": ["2026-12-25"]}, "exceptDates", ["2026-12-25"]),
        ({"dates": ["2026-12-25"]}, "selectedDays", ["friday"]),
    ],
)
def test_a_change_of_one_word_in_all_that_was_read(
    session: Session,
    as_moderator: Client,
    late: Playlist,
    change: dict[str, Any],
    field: str,
    expected: object,
) -> None:
    make_public(session, "Early")
    entry = made(as_moderator, selectedDays=["friday", "monday"])

    changed = as_moderator.put(f"{SCHEDULES}/{entry['id']}", {**entry, **change})

    assert (changed.status, changed.json().get(field)) == (200, expected)
    untouched = ("startTime", "endTime", "timezone", "createdAt")
    assert {n: changed.json()[n] for n in untouched} == {n: entry[n] for n in untouched}


def test_a_range_can_be_cleared(as_moderator: Client, late: Playlist) -> None:
    entry = made(as_moderator, startDate="2026-01-01", endDate="2026-12-31")
    path = f"{SCHEDULES}/{entry['id']}"

    assert as_moderator.put(path, {"endDate": None}).json()["startDate"] == "2026-01-01"
    assert reason(as_moderator.put(path, {"dates": ["2026-05-05"]})) == (422, "startDate")
    cleared = as_moderator.put(path, {"startDate": None, "dates": ["2026-05-05"]}).json()
    assert (cleared["startDate"], cleared["endDate"]) == (None, None)


def test_an_entry_keeps_a_playlist(as_moderator: Client, late: Playlist) -> None:
    path = f"{SCHEDULES}/{made(as_moderator)['id']}"

    assert reason(as_moderator.put(path, {"playlist": "", "playlistId": None})) == (422, "playlist")
    assert as_moderator.put(path, {"playlistId": None}).json()["playlist"] == "Late"


def test_a_name_of_two_playlists_is_refused(
    session: Session, as_moderator: Client, late: Playlist
) -> None:
    make_public(session, "Late")

    reply = as_moderator.post(SCHEDULES, NIGHT)

    assert reason(reply) == (422, "playlist")
    assert "playlistId" in reply.json()["message"]
    assert made(as_moderator, playlistId=str(late.id))["playlistId"] == str(late.id)


def test_private_playlists_are_for_those_who_may_read_them(
    session: Session, as_moderator: Client, as_admin: Client, anonymous: Client, user: User
) -> None:
    private = {"playlistId": str(make_playlist(session, user.id, name="Mine").id)}

    assert reason(as_moderator.post(SCHEDULES, {**NIGHT, **private})) == (422, "playlistId")
    entry = made(as_admin, **private)
    # Who schedules it shows its name.
    assert anonymous.get(f"{SCHEDULES}/{entry['id']}").json()["playlist"] == "Mine"
    changed = as_moderator.put(f"{SCHEDULES}/{entry['id']}", {**entry, "title": "Theirs"})
    assert (changed.status, changed.json()["playlist"]) == (200, "Mine")


def test_a_deleted_playlist_leaves_the_entry(
    session: Session, as_moderator: Client, late: Playlist
) -> None:
    path = f"{SCHEDULES}/{made(as_moderator)['id']}"
    as_moderator.delete(f"/api/playlists/{late.id}")

    gone = as_moderator.get(path).json()
    sent_back = as_moderator.put(path, {**gone, "title": "Still"}).json()
    session.execute(update(Playlist).where(Playlist.id == late.id).values(is_active=True))

    assert (gone["playlist"], gone["playlistId"]) == ("", None)
    assert (sent_back["playlist"], sent_back["title"]) == ("", "Still")
    assert as_moderator.get(path).json()["playlist"] == "Late"


def test_an_erased_playlist_leaves_the_entry(
    session: Session, as_moderator: Client, late: Playlist
) -> None:
    path = f"{SCHEDULES}/{made(as_moderator)['id']}"
    session.delete(late)
    session.flush()

    assert as_moderator.get(path).json()["playlist"] == ""


def test_switched_off_entries_are_for_those_who_may_change_them(
    as_moderator: Client, as_user: Client, anonymous: Client, late: Playlist
) -> None:
    off, on = made(as_moderator, active=False)["id"], made(as_moderator)["id"]

    def ids(client: Client, query: str = "") -> set[str]:
        return {one["id"] for one in client.get(SCHEDULES + query).json()}

    assert ids(as_moderator) == {off, on}
    assert ids(as_moderator, "?active=false") == {off}
    assert ids(as_moderator, "?active=true") == ids(as_user) == ids(anonymous) == {on}
    assert ids(as_user, "?active=false") == set()
    statuses = [one.get(f"{SCHEDULES}/{off}").status for one in (as_moderator, as_user, anonymous)]
    assert statuses == [200, 404, 404]


def test_lists_as_many_as_are_asked_for(as_moderator: Client, late: Playlist) -> None:
    for start in ("10:00", "09:00", "11:00"):
        made(as_moderator, startTime=start)

    reply = as_moderator.get(f"{SCHEDULES}?limit=2")

    assert [one["startTime"] for one in reply.json()] == ["09:00", "10:00"]
    assert reply.headers["x-total-count"] == "3"


@pytest.mark.parametrize("caller", ["anonymous", "as_user"])
def test_not_everyone_changes_the_plan(
    session: Session, late: Playlist, caller: str, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(caller)
    path = f"{SCHEDULES}/{plan_entry(session, 'Day', '08:00', '10:00', playlist=late).id}"

    replies = [client.post(SCHEDULES, NIGHT), client.put(path, {}), client.delete(path)]

    assert {reply.status for reply in replies} == {401 if caller == "anonymous" else 403}
    assert len(session.scalars(select(ScheduleEntry.id)).all()) == 1


def test_deletes(as_moderator: Client, anonymous: Client, late: Playlist) -> None:
    entry = made(as_moderator)
    path = f"{SCHEDULES}/{entry['id']}"

    assert as_moderator.delete(path).json() == {"id": entry["id"], "deleted": True}
    statuses = [as_moderator.delete(path), as_moderator.put(path, {}), anonymous.get(path)]
    assert [reply.status for reply in statuses] == [404] * 3


def test_the_client_modules_addresses(as_moderator: Client, late: Playlist) -> None:
    entry = as_moderator.post("/api/scheduler/create", {**NIGHT, "id": "1700000000000"}).json()
    ours = as_moderator.get(f"{SCHEDULES}/{entry['id']}").json()

    changed = as_moderator.put("/api/scheduler/update/1700000000000", {"title": "Later"})
    deleted = as_moderator.delete("/api/scheduler/delete/1700000000000")

    assert (ours["title"], changed.json()["title"]) == ("Night", "Later")
    assert deleted.json() == {"id": entry["id"], "deleted": True}
    assert as_moderator.get(SCHEDULES).json() == []


@pytest.mark.parametrize(
    "said", ["mine", 1700000000000, "0190b3c4-0000-7000-8000-000000000001", "größer/als?"]
)
def test_an_id_of_the_clients_stands_for_one_entry(
    as_moderator: Client, late: Playlist, said: str | int
) -> None:
    first, again = made(as_moderator, id=said), made(as_moderator, id=said)
    other = as_moderator.post(SCHEDULES, {**NIGHT, "id": said, "title": "Other"})

    assert first == again
    assert (other.status, other.json()["error"]) == (409, "conflict")
    assert len(as_moderator.get(SCHEDULES).json()) == 1
    if str(said).count("-") == 4:
        assert first["id"] == said


def test_space_around_an_id_counts_neither_in_bodies_nor_in_addresses(
    as_moderator: Client, late: Playlist
) -> None:
    entry = made(as_moderator, id=" mine ")

    found = as_moderator.get(f"{SCHEDULES}/%20mine%20")

    assert (found.status, found.json()["id"]) == (200, entry["id"])


def test_an_entry_keeps_its_id(as_moderator: Client, late: Playlist) -> None:
    made(as_moderator, id="mine")
    path = f"{SCHEDULES}/mine"

    assert as_moderator.put(path, {"id": "mine", "title": "Same"}).json()["title"] == "Same"
    assert reason(as_moderator.put(path, {"id": "other"})) == (422, "id")


def test_what_was_changed_meanwhile_is_not_overwritten(
    as_moderator: Client, late: Playlist
) -> None:
    path = f"{SCHEDULES}/{made(as_moderator)['id']}"
    seen = as_moderator.get(path).headers["etag"]

    def put(title: str, tag: str) -> Reply:
        return as_moderator.send("PUT", path, body={"title": title}, headers={"If-Match": tag})

    first = put("First", seen)
    assert (first.status, put("Second", seen).status) == (200, 412)
    assert put("Third", first.headers["etag"]).json()["title"] == "Third"


def test_a_request_sent_again_makes_one_entry(as_moderator: Client, late: Playlist) -> None:
    def post() -> Reply:
        key = {"Idempotency-Key": "one"}
        return as_moderator.send("POST", SCHEDULES, body=NIGHT, headers=key)

    assert post().json() == post().json()
    assert len(as_moderator.get(SCHEDULES).json()) == 1


def test_conflicts_are_told_and_saved(as_moderator: Client, late: Playlist) -> None:
    night = made(as_moderator)

    party = made(as_moderator, title="Party", startTime="23:00", endTime="01:00")

    [conflict] = party["conflicts"]
    assert (conflict["winner"]["title"], conflict["loser"]["title"]) == ("Party", "Night")
    assert (conflict["rule"], conflict["clashes"][0]["minutes"]) == ("narrower", 120)
    sent_back = as_moderator.put(f"{SCHEDULES}/{night['id']}", {"priority": 1}).json()
    assert [one["rule"] for one in sent_back["conflicts"]] == ["higherPriority"]
    apart = as_moderator.put(f"{SCHEDULES}/{party['id']}", {"day": "sunday"}).json()
    assert apart["conflicts"] == []


def test_conflicts_can_be_refused(as_moderator: Client, late: Playlist, woken: list[str]) -> None:
    night, far = made(as_moderator), made(as_moderator, title="Far", day="sunday")
    woken.clear()
    wish = "?onConflict=reject"

    refused = as_moderator.post(SCHEDULES + wish, {**NIGHT, "title": "Party"})
    moved = as_moderator.put(f"{SCHEDULES}/{far['id']}{wish}", {"day": "friday"})

    for reply in (refused, moved):
        [conflict] = reply.json()["details"]
        assert (reply.status, conflict["loser"]["id"]) == (409, night["id"])
    assert [one["day"] for one in as_moderator.get(SCHEDULES).json()].count("friday") == 1
    assert woken == []
    assert as_moderator.post(SCHEDULES + wish, {**NIGHT, "day": "monday"}).status == 201
    assert as_moderator.post(SCHEDULES + wish, {**NIGHT, "active": False}).status == 201


def test_the_plan_has_an_end(
    as_moderator: Client, late: Playlist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "MAX_ACTIVE", 1)
    made(as_moderator)
    off = made(as_moderator, active=False)

    replies = [
        as_moderator.post(SCHEDULES, NIGHT),
        as_moderator.put(f"{SCHEDULES}/{off['id']}", {"active": True}),
    ]

    assert [reply.status for reply in replies] == [409, 409]
    assert len(as_moderator.get(f"{SCHEDULES}?active=true").json()) == 1


def test_playout_hears_of_each_change_and_the_log_of_who_made_it(
    session: Session, late: Playlist, woken: list[str]
) -> None:
    mover = make_user(session, "mover", Role.MODERATOR)
    client = Client().as_(sign_in(session, mover))
    path = f"{SCHEDULES}/{made(client)['id']}"
    client.put(path, {"title": "New"})
    client.put(path, {"title": "New"})  # which changes nothing
    client.delete(path)

    assert len(woken) == 3
    logged = session.execute(
        select(AuditEvent.event, AuditEvent.details)
        .where(AuditEvent.user_id == mover.id)
        .order_by(AuditEvent.id)
    ).all()
    changes = ["schedule.created", "schedule.changed", "schedule.deleted"]
    assert [row.event for row in logged] == changes
    assert logged[1].details["changed"] == ["title"]
