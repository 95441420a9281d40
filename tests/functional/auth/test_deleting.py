"""What becomes of an account that is deleted, and of what was its own."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from djamms import clock
from djamms.auth.erasing import erase_due
from djamms.db.session import transaction
from djamms.models.favorite import Favorite
from djamms.models.library import PlaybackEvent, SearchEvent, StarredPlaylist
from djamms.models.playlist import Playlist, PlaylistEntry
from djamms.models.registry import metadata
from djamms.models.schedule import ScheduleEntry
from djamms.models.system import SystemSetting
from djamms.models.track import Track, Upload
from djamms.models.user import Role, User
from djamms.models.user import Session as SignIn
from functions.jobs.handler import clean_up
from tests.functional.moderation.test_moderation import act
from tests.support.api import Client
from tests.support.factories import (
    PASSWORD,
    add_entry,
    add_sign_in,
    make_playlist,
    make_track,
    make_user,
)
from tests.support.store import FakeStore

USERS = "/api/auth/users"
PERSONAL = [Favorite, StarredPlaylist, PlaybackEvent, SearchEvent, SignIn, Upload]


@pytest.fixture
def track(session: Session, user: User) -> Track:
    return make_track(session, uploaded_by=user.id, play_count=1)


@pytest.fixture
def public(session: Session, user: User, track: Track) -> Playlist:
    playlist = make_playlist(session, user.id, name="Floor", is_public=True)
    add_entry(session, playlist, track, 1).added_by = user.id
    return playlist


@pytest.fixture
def private(session: Session, user: User, track: Track) -> Playlist:
    playlist = make_playlist(session, user.id, name="Mine")
    add_entry(session, playlist, track, 1)
    return playlist


@pytest.fixture
def personal(session: Session, user: User, track: Track, public: Playlist) -> None:
    """A row of each kind."""
    add_sign_in(session, user)
    now = clock.now()
    session.add_all(
        [
            Favorite(user_id=user.id, track_id=track.id),
            StarredPlaylist(user_id=user.id, playlist_id=public.id),
            PlaybackEvent(user_id=user.id, track_id=track.id),
            SearchEvent(user_id=user.id, query="miles"),
            Upload(
                uploaded_by=user.id,
                filename="a.mp3",
                content_type="audio/mpeg",
                size_bytes=1,
                object_key="uploads/a",
                expires_at=now,
            ),
        ]
    )
    session.flush()


def count(session: Session, model: Any, user_id: UUID) -> int:
    names = {Upload: "uploaded_by", Track: "uploaded_by", Playlist: "owner_id"}
    owner = getattr(model, names.get(model, "user_id"))
    found = select(func.count()).select_from(model).where(owner == user_id)
    return session.scalar(found) or 0


def erased_after(session: Session, days: float) -> int:
    clock.set_clock(partial(clock.now().__add__, timedelta(days=days)))
    try:
        return erase_due(transaction)
    finally:
        clock.set_clock(None)
        session.expire_all()


def test_a_deleted_account_is_out_at_once(
    user: User, as_user: Client, as_admin: Client, anonymous: Client
) -> None:
    reply = as_admin.delete(f"{USERS}/{user.id}")

    assert (reply.status, reply.json()["deleted"]) == (200, True)
    assert as_user.get("/api/auth/user").status == 401
    assert anonymous.post("/api/auth/login", {"login": "ada", "password": PASSWORD}).status == 401
    shown = as_admin.get(f"{USERS}/{user.id}").json()
    assert shown["isActive"] is False
    assert shown["deletedAt"] is not None


def test_public_playlists_pass_to_the_installation(
    session: Session, user: User, public: Playlist, as_admin: Client, anonymous: Client
) -> None:
    assert as_admin.delete(f"{USERS}/{user.id}").json()["transferred"] == 1

    shown = anonymous.get(f"/api/playlists/{public.id}").json()
    assert (shown["owner"], shown["ownerId"], shown["trackCount"]) == (None, None, 1)
    assert len(anonymous.get(f"/api/playlists/{public.id}/tracks").json()) == 1


def test_public_playlists_pass_to_an_heir_and_private_ones_do_not(
    session: Session, user: User, public: Playlist, private: Playlist, as_admin: Client
) -> None:
    heir = make_user(session, "heir")

    reply = as_admin.delete(f"{USERS}/{user.id}?transferTo={heir.id}")

    assert reply.json()["transferred"] == 1
    assert as_admin.get(f"/api/playlists/{public.id}").json()["owner"] == "heir"
    session.refresh(private)
    assert private.owner_id == user.id


def test_sharing_rests_with_the_account_and_goes_on_when_it_comes_back(
    user: User,
    private: Playlist,
    as_user: Client,
    as_other: Client,
    as_admin: Client,
    anonymous: Client,
) -> None:
    path = f"/api/playlists/{private.id}"
    as_user.put(f"{path}/collaborators", {"username": "grace", "role": "editor"})
    link = f"/api/playlists/shared/{as_user.post(f'{path}/links', {}).json()['token']}"

    def statuses() -> list[int]:
        renamed = as_other.put(path, {"name": "Ours"})
        reads = [as_other.get(path), anonymous.get(link), anonymous.get(f"{link}/tracks")]
        return [reply.status for reply in (renamed, *reads)]

    assert statuses() == [200] * 4
    as_admin.delete(f"{USERS}/{user.id}")
    assert statuses() == [404] * 4
    assert "Ours" not in [one["name"] for one in as_other.get("/api/playlists").json()]
    assert as_admin.get(path).status == 200

    as_admin.put(f"{USERS}/{user.id}", {"isActive": True})
    assert statuses() == [200] * 4


def test_an_heir_is_no_collaborator_any_more(
    session: Session, user: User, public: Playlist, as_user: Client, as_admin: Client
) -> None:
    heir = make_user(session, "heir")
    url = f"/api/playlists/{public.id}/collaborators"
    as_user.put(url, {"username": "heir", "role": "viewer"})

    as_admin.delete(f"{USERS}/{user.id}?transferTo={heir.id}")

    listed = [(one["username"], one["role"]) for one in as_admin.get(url).json()]
    assert listed == [("heir", "owner")]


def test_what_a_moderator_has_hidden_passes_on_too(
    session: Session,
    user: User,
    public: Playlist,
    as_admin: Client,
    as_moderator: Client,
    anonymous: Client,
) -> None:
    act(as_moderator, "hide", public.id)

    assert as_admin.delete(f"{USERS}/{user.id}?erase=true").json()["transferred"] == 1
    assert erased_after(session, 0) == 1

    act(as_moderator, "restore", public.id)
    assert anonymous.get(f"/api/playlists/{public.id}").json()["trackCount"] == 1


def test_what_was_hidden_while_the_account_was_deleted_is_not_erased(
    session: Session, user: User, private: Playlist, as_admin: Client, as_moderator: Client
) -> None:
    as_admin.delete(f"{USERS}/{user.id}?erase=true")
    as_admin.put(f"/api/playlists/{private.id}", {"isPublic": True})
    act(as_moderator, "hide", private.id)

    assert erased_after(session, 0) == 1

    assert as_admin.get(f"/api/playlists/{private.id}").json()["owner"] is None


@pytest.mark.parametrize("kind", ["nobody", "oneself", "inactive", "guest"])
def test_not_everyone_can_inherit(
    session: Session, user: User, public: Playlist, as_admin: Client, kind: str
) -> None:
    heirs = {
        "nobody": "00000000-0000-0000-0000-000000000000",
        "oneself": user.id,
        "inactive": make_user(session, "away", is_active=False).id,
        "guest": make_user(session, "visitor", Role.GUEST).id,
    }

    reply = as_admin.delete(f"{USERS}/{user.id}?transferTo={heirs[kind]}")

    assert (reply.status, reply.json()["error"]) == (422, "validation_failed")
    assert as_admin.get(f"{USERS}/{user.id}").json()["isActive"] is True
    assert as_admin.get(f"/api/playlists/{public.id}").json()["owner"] == "ada"


@pytest.mark.usefixtures("personal")
def test_within_the_grace_nothing_is_lost_and_the_account_comes_back(
    session: Session, user: User, private: Playlist, as_admin: Client, anonymous: Client
) -> None:
    user_id = user.id
    as_admin.delete(f"{USERS}/{user_id}")

    assert erased_after(session, 13.9) == 0
    kept = [count(session, model, user_id) for model in PERSONAL]
    assert kept == [1] * len(PERSONAL)

    back = as_admin.put(f"{USERS}/{user.id}", {"isActive": True}).json()
    assert (back["isActive"], back["deletedAt"]) == (True, None)
    assert erased_after(session, 14.1) == 0
    token = anonymous.post("/api/auth/login", {"login": "ada", "password": PASSWORD}).json()
    assert anonymous.as_(token["token"]).get(f"/api/playlists/{private.id}").status == 200


@pytest.mark.usefixtures("personal")
@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_personal_goes_and_what_is_the_houses_stays(
    session: Session,
    user: User,
    track: Track,
    public: Playlist,
    private: Playlist,
    as_admin: Client,
    *,
    at_once: bool,
) -> None:
    session.add(
        entry := ScheduleEntry(
            title="Late",
            playlist_id=private.id,
            selected_days=["monday"],
            start_time=clock.now().time(),
            end_time=clock.now().time(),
            created_by=user.id,
        )
    )
    session.flush()
    user_id, playlist_id = user.id, public.id

    as_admin.delete(f"{USERS}/{user_id}" + "?erase=true" * at_once)
    assert erased_after(session, 0 if at_once else 14.1) == 1

    assert [count(session, model, user_id) for model in PERSONAL] == [0] * len(PERSONAL)
    assert session.scalar(select(User.id).where(User.username == "ada")) is None
    assert session.scalar(select(Playlist.id).where(Playlist.name == "Mine")) is None
    kept = select(PlaylistEntry.added_by).where(PlaylistEntry.playlist_id == playlist_id)
    assert session.scalars(kept).all() == [None]
    assert (track.uploaded_by, track.play_count, track.is_active) == (None, 1, True)
    assert (entry.playlist_id, entry.created_by) == (None, None)


def test_deleting_again_does_not_lengthen_the_grace(user: User, as_admin: Client) -> None:
    first, second = (as_admin.delete(f"{USERS}/{user.id}").json()["eraseAfter"] for _ in range(2))

    assert first == second


def test_the_grace_is_a_setting(session: Session, user: User, as_admin: Client) -> None:
    grace = SystemSetting.key == "accounts.grace_days"
    session.execute(update(SystemSetting).where(grace).values(value=2))
    as_admin.delete(f"{USERS}/{user.id}")

    assert erased_after(session, 1.9) == 0
    assert erased_after(session, 2.1) == 1


def test_a_deactivated_account_is_not_erased(
    session: Session, user: User, as_admin: Client
) -> None:
    as_admin.put(f"{USERS}/{user.id}", {"isActive": False})

    assert erased_after(session, 10_000) == 0


def test_an_account_that_is_due_does_not_come_back(user: User, as_admin: Client) -> None:
    as_admin.delete(f"{USERS}/{user.id}?erase=true")

    reply = as_admin.put(f"{USERS}/{user.id}", {"isActive": True})

    assert (reply.status, reply.json()["message"]) == (409, "This account is being erased.")


@pytest.mark.usefixtures("personal", "private")
def test_goes_in_steps_and_the_next_run_goes_on(
    session: Session, user: User, as_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = user.id
    make_track(session, "Second", uploaded_by=user_id)
    as_admin.delete(f"{USERS}/{user_id}?erase=true")
    monkeypatch.setattr("djamms.auth.erasing.MOST_STEPS", 1)
    monkeypatch.setattr("djamms.auth.erasing_repository.TRACKS", 1)

    left, erased = [], []
    for _ in range(7):
        erased.append(erased_after(session, 0))
        left.append([count(session, one, user_id) for one in (Track, PlaybackEvent, Playlist)])

    # A step each for tracks, tracks, entries, plays, searches and playlists; then the account.
    assert left == [[1, 1, 1], [0, 1, 1], [0, 1, 1], *[[0, 0, 1]] * 2, *[[0, 0, 0]] * 2]
    assert erased == [0, 0, 0, 0, 0, 0, 1]


def test_accounts_that_are_due_go_one_after_the_other(session: Session, as_admin: Client) -> None:
    ids = [make_user(session, name).id for name in ("ben", "zoe")]
    for user_id in ids:
        as_admin.delete(f"{USERS}/{user_id}")

    assert erased_after(session, 14.1) == 2
    assert session.scalars(select(User.id).where(User.id.in_(ids))).all() == []


def test_a_name_is_free_again_once_its_account_is_erased(
    session: Session, user: User, as_admin: Client, anonymous: Client
) -> None:
    new = {"username": "ada", "email": "new@example.test", "password": "fresh and long enough"}
    as_admin.delete(f"{USERS}/{user.id}")
    assert anonymous.post("/api/auth/register", new).status == 409

    assert erased_after(session, 14.1) == 1

    assert anonymous.post("/api/auth/register", new).status == 201


def test_each_reference_to_an_account_says_what_becomes_of_it() -> None:
    """Else an account could not be erased, or a table would be forgotten in the decision."""
    references = {
        f"{table.name}.{key.parent.name}": key.ondelete
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "users"
    }

    assert len(references) >= 10
    assert set(references.values()) <= {"CASCADE", "SET NULL"}


def test_the_clean_up_job_erases(
    session: Session, user: User, as_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("djamms.storage.store.media_store", FakeStore)
    as_admin.delete(f"{USERS}/{user.id}?erase=true")

    assert clean_up({})["erased_accounts"] == 1
