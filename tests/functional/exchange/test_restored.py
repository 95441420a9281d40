"""Rows of an imported file when the playlist goes back to an earlier version, and when others
edit it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from djamms import clock
from djamms.exchange.late import match_changed
from djamms.models.exchange import PlaylistImport
from djamms.models.track import Track
from djamms.models.user import User
from tests.functional.exchange.test_import import decide, report, send
from tests.functional.exchange.test_late import arrive, letters, matched
from tests.support.api import Client
from tests.support.factories import make_user, sign_in

FILE = "#EXTINF:100,The Letters - Song A\na.mp3\n#EXTINF:100,The Letters - Song B\nb.mp3\n"


@pytest.fixture
def made(session: Session, as_user: Client) -> UUID:
    """A is there (version 2), B is not."""
    arrive(session, "A")
    return UUID(send(as_user, FILE)["playlist"]["id"])


@pytest.fixture
def as_friend(session: Session, as_user: Client, made: UUID) -> Client:
    """Who may edit it."""
    friend = make_user(session, "Friend")
    body = {"username": "friend", "role": "editor"}
    assert as_user.put(f"/api/playlists/{made}/collaborators", body).status == 200
    return Client().as_(sign_in(session, friend))


def restore(client: Client, playlist_id: UUID, version: int) -> None:
    assert client.post(f"/api/playlists/{playlist_id}/versions/{version}/restore").status == 200


def rows(client: Client, playlist_id: UUID) -> list[tuple[str, bool]]:
    found = report(client, str(playlist_id))["rows"]
    return [(row["state"], row["inPlaylist"]) for row in found]


def row_id(client: Client, playlist_id: UUID, number: int) -> str:
    return str(report(client, str(playlist_id))["rows"][number]["id"])


def exported(client: Client, playlist_id: UUID) -> list[str]:
    tracks = client.get(f"/api/playlists/{playlist_id}/export").json()["tracks"]
    return [track["title"] for track in tracks]


def take_out(client: Client, playlist_id: UUID, letter: str) -> None:
    tracks = client.get(f"/api/playlists/{playlist_id}/tracks").json()
    (entry,) = [one["entryId"] for one in tracks if one["title"].endswith(letter)]
    assert client.delete(f"/api/playlists/{playlist_id}/tracks/{entry}").status == 200


def test_a_row_whose_entry_a_restore_takes_out_waits_again(
    session: Session, as_user: Client, made: UUID
) -> None:
    matched(session, arrive(session, "B"))
    assert letters(as_user, made) == "AB"

    restore(as_user, made, 2)

    assert rows(as_user, made) == [("matched", True), ("doubtful", False)]
    assert exported(as_user, made) == ["Song A", "Song B"]
    assert match_changed(session) == 0  # what was undone is not done again at once
    assert matched(session, arrive(session, "B")) == 1
    assert letters(as_user, made) == "AB"


def test_a_restore_to_before_the_import_loses_no_row(as_user: Client, made: UUID) -> None:
    restore(as_user, made, 1)

    assert letters(as_user, made) == ""
    assert exported(as_user, made) == ["Song A", "Song B"]


@pytest.mark.parametrize("said", ["reject", "never"])
def test_a_row_whose_entry_a_restore_brings_back_is_matched(
    session: Session, as_user: Client, made: UUID, said: str
) -> None:
    decide(as_user, str(made), {"rowId": row_id(as_user, made, 0), "decision": said})
    assert letters(as_user, made) == ""

    restore(as_user, made, 2)

    assert rows(as_user, made)[0] == ("matched", True)
    assert exported(as_user, made) == ["Song A", "Song B"]
    assert matched(session, arrive(session, "A")) == 0
    assert letters(as_user, made) == "A"


def test_a_row_has_had_several_entries(session: Session, as_user: Client, made: UUID) -> None:
    other = arrive(session, "Z")
    accept = {"rowId": row_id(as_user, made, 0), "decision": "accept", "trackId": str(other)}
    decide(as_user, str(made), accept)

    for version, letter in ((2, "A"), (3, "Z"), (2, "A")):
        restore(as_user, made, version)

        row = report(as_user, str(made))["rows"][0]
        assert letters(as_user, made) == letter
        assert (row["state"], row["inPlaylist"]) == ("matched", True)
        assert row["track"]["title"] == f"Song {letter}"
    assert exported(as_user, made) == ["Song A", "Song B"]


def test_what_was_taken_out_by_hand_is_shown_and_waits_for_nothing(
    session: Session, as_user: Client, made: UUID
) -> None:
    take_out(as_user, made, "A")

    assert rows(as_user, made)[0] == ("removed", False)
    found = report(as_user, str(made), "?state=removed")
    assert (found["total"], found["imports"][0]["removed"]) == (1, 1)
    assert exported(as_user, made) == ["Song B"]
    assert matched(session, arrive(session, "A")) == 0


def test_what_was_taken_out_by_hand_comes_back_with_its_version(
    as_user: Client, made: UUID
) -> None:
    take_out(as_user, made, "A")

    restore(as_user, made, 2)

    assert rows(as_user, made)[0] == ("matched", True)


def test_other_playlists_rows_stay_as_they_are(as_user: Client, made: UUID) -> None:
    other = UUID(send(as_user, FILE)["playlist"]["id"])

    take_out(as_user, made, "A")
    restore(as_user, made, 1)

    assert rows(as_user, other) == [("matched", True), ("missing", False)]


def test_what_an_editor_rejects_stays_rejected(
    session: Session, as_user: Client, as_friend: Client, made: UUID
) -> None:
    reject: dict[str, Any] = {"rowId": row_id(as_user, made, 0), "decision": "reject"}
    decide(as_friend, str(made), reject)

    matched(session, arrive(session, "A", duration_seconds=180))
    tell_of_a_change(session)

    assert letters(as_user, made) == ""


def test_a_rejection_outlives_the_account_that_imported(
    session: Session, as_user: Client, as_friend: Client, user: User, made: UUID
) -> None:
    decide(as_user, str(made), {"rowId": row_id(as_user, made, 0), "decision": "reject"})
    session.execute(update(PlaylistImport).values(imported_by=None))

    tell_of_a_change(session)

    assert letters(as_friend, made) == ""


def tell_of_a_change(session: Session) -> None:
    """As when all tracks were renamed after the rows had been looked at."""
    session.execute(update(Track).values(updated_at=clock.now() + timedelta(seconds=1)))
    match_changed(session)
