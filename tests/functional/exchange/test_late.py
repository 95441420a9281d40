import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from djamms import clock
from djamms.exchange import finding, late
from djamms.exchange.late import match_arrivals, match_changed
from djamms.models.playlist import PlaylistEntry
from djamms.models.track import Track
from tests.functional.exchange.test_import import decide, report, send
from tests.functional.ingest.test_reconcile import transaction_of
from tests.functional.playlists.test_playlists import titles
from tests.support.api import Client
from tests.support.factories import make_track

ORDER = "ABCDE"


@pytest.fixture
def made(session: Session, as_user: Client) -> UUID:
    """B and D are there."""
    for title in "BD":
        arrive(session, title)
    text = "\n".join(f"#EXTINF:100,The Letters - Song {one}\n{one}.mp3" for one in ORDER)
    return UUID(send(as_user, text)["playlist"]["id"])


def arrive(session: Session, letter: str, **values: Any) -> UUID:
    usual = {"artist": "Letters", "duration_seconds": 101, **values}
    return make_track(session, f"Song {letter}", **usual).id


def matched(session: Session, *tracks: UUID) -> int:
    @contextmanager
    def transaction() -> Iterator[Session]:
        yield session

    return match_arrivals(transaction, tracks)


def letters(client: Client, playlist_id: UUID) -> str:
    return "".join(title[-1] for title in titles(client, playlist_id))


@pytest.mark.parametrize("order", ["ACE", "ECA", "CEA"])
def test_a_track_that_arrives_takes_its_place(
    session: Session, as_user: Client, made: UUID, order: str
) -> None:
    assert letters(as_user, made) == "BD"

    for letter in order:
        assert matched(session, arrive(session, letter)) == 1

    assert letters(as_user, made) == ORDER
    playlist = as_user.get(f"/api/playlists/{made}").json()
    assert (playlist["trackCount"], playlist["version"]) == (5, 5)
    assert {row["state"] for row in report(as_user, str(made))["rows"]} == {"matched"}


def test_its_place_moves_along_with_its_neighbours(
    session: Session, as_user: Client, made: UUID
) -> None:
    entries = as_user.get(f"/api/playlists/{made}/tracks").json()
    order = [entries[1]["entryId"], entries[0]["entryId"]]
    body = {"version": as_user.get(f"/api/playlists/{made}").json()["version"], "entryIds": order}
    assert as_user.put(f"/api/playlists/{made}/reorder", body).status == 200

    matched(session, arrive(session, "C"), arrive(session, "E"))

    assert letters(as_user, made) == "DEBC"


def test_makes_room_where_there_is_none(session: Session, as_user: Client, made: UUID) -> None:
    for place, entry in enumerate(as_user.get(f"/api/playlists/{made}/tracks").json(), start=1):
        changed = update(PlaylistEntry).where(PlaylistEntry.id == UUID(entry["entryId"]))
        session.execute(changed.values(order_key=place))

    matched(session, arrive(session, "C"))

    assert letters(as_user, made) == "BCD"


def test_another_version_that_arrives_is_offered_only(
    session: Session, as_user: Client, made: UUID
) -> None:
    assert matched(session, make_live(session)) == 0

    row = report(as_user, str(made), "?state=doubtful")["rows"][0]
    assert (row["title"], row["candidates"][0]["track"]["title"]) == ("Song C", "Song C (Live)")
    assert letters(as_user, made) == "BD"


def make_live(session: Session) -> UUID:
    return make_track(session, "Song C (Live)", artist="Letters", duration_seconds=100).id


def test_what_nobody_waits_for_changes_nothing(
    session: Session, as_user: Client, made: UUID
) -> None:
    row = report(as_user, str(made))["rows"][2]
    decide(as_user, str(made), {"rowId": row["id"], "decision": "never"})

    assert matched(session, arrive(session, "C"), make_track(session, "Other").id) == 0
    assert matched(session) == 0
    assert letters(as_user, made) == "BD"


def test_a_playlist_that_is_gone_is_left_alone(
    session: Session, as_user: Client, made: UUID
) -> None:
    as_user.delete(f"/api/playlists/{made}")

    assert matched(session, arrive(session, "C")) == 0


def test_a_renamed_track_is_found_by_the_clean_up(
    session: Session, as_user: Client, made: UUID
) -> None:
    track = arrive(session, "Z", created_at=clock.now(), updated_at=clock.now())
    assert match_changed(session) == 0

    later = {"title": "Song C", "updated_at": clock.now()}
    session.execute(update(Track).where(Track.id == track).values(later))

    assert match_changed(session) == 1
    assert letters(as_user, made) == "BCD"


def test_rows_that_a_large_file_had_no_time_for_are_found_later(
    session: Session, as_user: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for letter in ORDER:
        arrive(session, letter)
    rows = [{"title": f"Song {one}", "artist": "Letters", "duration": 100} for one in ORDER]
    with monkeypatch.context() as patch:
        patch.setattr(finding, "AT_ONCE", 2)
        patch.setattr(finding, "PATIENCE_SECONDS", -1.0)
        made = send(as_user, json.dumps(rows))

    playlist_id = made["playlist"]["id"]
    assert (made["report"]["matched"], made["report"]["missing"]) == (2, 3)
    unseen = report(as_user, playlist_id, "?state=missing")["rows"]
    assert [row["reasons"] for row in unseen] == [["later"]] * 3
    monkeypatch.setattr(late, "MOST_AT_ONCE", 2)

    assert late.match_unseen(transaction_of(session)) == 3

    assert letters(as_user, UUID(playlist_id)) == ORDER
    assert late.match_unseen(transaction_of(session)) == 0


def test_what_is_looked_for_in_vain_is_no_longer_for_later(
    session: Session, as_user: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"title": f"Song {one}", "artist": "Letters"} for one in ORDER]
    with monkeypatch.context() as patch:
        patch.setattr(finding, "AT_ONCE", 2)
        patch.setattr(finding, "PATIENCE_SECONDS", -1.0)
        made = send(as_user, json.dumps(rows))["playlist"]["id"]

    assert late.match_unseen(transaction_of(session)) == 0

    assert [row["reasons"] for row in report(as_user, made)["rows"]] == [[]] * 5
