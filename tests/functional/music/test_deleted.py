"""What was deleted can be looked at, and several tracks brought back at once."""

from collections.abc import Iterable

import pytest
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.user import User
from tests.support.api import Client
from tests.support.factories import make_track


class AnyStore:
    def duplicate(self, key: str, to: str) -> None: ...

    def is_listed(self, key: str) -> bool:
        return True

    def delete_all(self, keys: Iterable[str]) -> set[str]:
        return set()


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("djamms.storage.store.media_store", AnyStore)


@pytest.fixture
def gone(session: Session, user: User) -> dict[str, str]:
    """Deleted tracks: one's own, another's, and one whose sound is gone."""
    values = {"is_active": False, "deleted_at": clock.now()}
    return {
        "Mine": str(make_track(session, "Mine", uploaded_by=user.id, **values).id),
        "Theirs": str(make_track(session, "Theirs", **values).id),
        "Lost": str(make_track(session, "Lost", object_key="", **values).id),
    }


def titles(client: Client) -> set[str]:
    reply = client.get("/api/music/tracks/trash")
    assert reply.headers["x-total-count"] == str(len(reply.json()))
    return {track["title"] for track in reply.json()}


@pytest.mark.usefixtures("gone")
def test_everyone_sees_their_own_and_moderators_all(
    anonymous: Client, as_user: Client, as_other: Client, as_moderator: Client
) -> None:
    assert anonymous.get("/api/music/tracks/trash").status == 401
    assert titles(as_user) == {"Mine"}
    assert titles(as_other) == set()
    assert titles(as_moderator) == {"Mine", "Theirs", "Lost"}


@pytest.mark.usefixtures("gone")
def test_says_what_can_come_back_and_opens_no_sound(as_moderator: Client) -> None:
    found = as_moderator.get("/api/music/tracks/trash").json()

    assert {one["title"] for one in found if not one["isRestorable"]} == {"Lost"}
    assert all(one["deletedAt"] and one["audioUrl"] is None for one in found)


def test_bulk_restore(
    gone: dict[str, str], as_admin: Client, as_moderator: Client, as_user: Client
) -> None:
    body = {"trackIds": list(gone.values())}

    assert as_moderator.post("/api/music/tracks/bulk-restore", body).status == 403
    reply = as_admin.post("/api/music/tracks/bulk-restore", body).json()

    assert reply == {"changed": [gone["Mine"], gone["Theirs"]], "refused": [gone["Lost"]]}
    assert as_user.get("/api/music/tracks").json()["pagination"]["total"] == 2
    assert titles(as_admin) == {"Lost"}
