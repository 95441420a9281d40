"""Playlists shared with people."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from djamms.models.audit import AuditEvent
from djamms.models.playlist import Playlist
from djamms.models.sharing import Collaborator
from djamms.models.user import Role, User
from djamms.playlists import collaborating
from djamms.playlists.repository import GAP
from tests.functional.playlists.test_order import entries, move
from tests.functional.playlists.test_playlists import titles
from tests.support.api import Client, Reply
from tests.support.factories import add_entry, make_playlist, make_track, make_user, sign_in


@pytest.fixture
def playlist(session: Session, user: User) -> Playlist:
    """Private: A and B."""
    playlist = make_playlist(session, user.id)
    for rank, title in enumerate("AB", start=1):
        add_entry(session, playlist, make_track(session, title), rank * GAP)
    return playlist


@pytest.fixture
def friend(session: Session) -> User:
    return make_user(session, "Friend")


@pytest.fixture
def as_friend(session: Session, friend: User) -> Client:
    return Client().as_(sign_in(session, friend))


def share(client: Client, playlist: Playlist, role: str, username: str = "friend") -> Reply:
    body = {"username": username, "role": role}
    return client.put(f"/api/playlists/{playlist.id}/collaborators", body)


def listed(client: Client) -> dict[str, str]:
    return {one["id"]: one["access"] for one in client.get("/api/playlists").json()}


def test_a_viewer_reads_and_no_more(
    as_user: Client, as_friend: Client, as_other: Client, playlist: Playlist
) -> None:
    assert str(playlist.id) not in listed(as_friend)

    share(as_user, playlist, "viewer")

    url = f"/api/playlists/{playlist.id}"
    assert listed(as_friend)[str(playlist.id)] == "view"
    assert titles(as_friend, playlist.id) == ["A", "B"]
    assert move(as_friend, playlist, "A", 1).status == 403
    assert as_friend.put(url, {"name": "Mine"}).status == 403
    assert as_friend.get(f"{url}/versions").status == 403
    assert as_other.get(url).status == 404


def test_an_editor_edits_what_stands_in_it(
    as_user: Client, as_friend: Client, playlist: Playlist
) -> None:
    share(as_user, playlist, "editor")
    url = f"/api/playlists/{playlist.id}"

    assert listed(as_friend)[str(playlist.id)] == "edit"
    assert move(as_friend, playlist, "A", 1).status == 200
    assert as_friend.delete(f"{url}/tracks/{entries(as_friend, playlist)['B']}").status == 200
    assert as_friend.put(url, {"name": "Ours"}).status == 200
    assert as_user.get(f"{url}/versions").json()[0]["madeBy"] == "Friend"
    assert as_friend.post(f"{url}/versions/1/restore").status == 200


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_the_owner_shares_publishes_and_deletes(
    as_user: Client, as_friend: Client, as_other: Client, playlist: Playlist, role: str
) -> None:
    share(as_user, playlist, role)
    url = f"/api/playlists/{playlist.id}"

    assert share(as_friend, playlist, "editor", "grace").status == 403
    assert as_friend.put(url, {"isPublic": True}).status == 403
    assert as_friend.delete(url).status == 403
    assert as_friend.get(f"{url}/links").status == 403
    assert as_friend.post(f"{url}/links", {}).status == 403
    assert share(as_other, playlist, "editor", "grace").status == 404


def test_a_moderator_does_not_share_what_is_public(
    session: Session, as_moderator: Client, user: User, friend: User
) -> None:
    public = make_playlist(session, user.id, is_public=True)

    assert share(as_moderator, public, "editor").status == 403
    assert as_moderator.get(f"/api/playlists/{public.id}/collaborators").status == 403
    assert as_moderator.post(f"/api/playlists/{public.id}/links", {}).status == 403


def test_lists_with_whom_it_is_shared(
    as_user: Client, as_friend: Client, as_admin: Client, playlist: Playlist, friend: User
) -> None:
    reply = share(as_user, playlist, "viewer")

    url = f"/api/playlists/{playlist.id}/collaborators"
    assert [(one["username"], one["role"]) for one in reply.json()] == [
        ("ada", "owner"),
        ("Friend", "viewer"),
    ]
    assert as_friend.get(url).json() == as_admin.get(url).json() == reply.json()


def test_sharing_ends_by_either_side(
    as_user: Client, as_friend: Client, playlist: Playlist, friend: User
) -> None:
    url = f"/api/playlists/{playlist.id}"
    for client in (as_user, as_friend):
        share(as_user, playlist, "viewer")
        assert client.delete(f"{url}/collaborators/{friend.id}").status == 200
        assert as_friend.get(url).status == 404

    assert as_user.delete(f"{url}/collaborators/{friend.id}").status == 404


def test_nobody_removes_others_from_what_they_do_not_own(
    session: Session, as_user: Client, as_friend: Client, playlist: Playlist
) -> None:
    third = make_user(session, "third")
    share(as_user, playlist, "editor")
    share(as_user, playlist, "viewer", "third")

    gone = as_friend.delete(f"/api/playlists/{playlist.id}/collaborators/{third.id}")

    assert gone.status == 403


def test_an_owner_hands_it_over_and_stays_an_editor(
    as_user: Client, as_friend: Client, playlist: Playlist, friend: User
) -> None:
    url = f"/api/playlists/{playlist.id}"
    share(as_user, playlist, "viewer")

    reply = share(as_user, playlist, "owner")

    assert [(one["username"], one["role"]) for one in reply.json()] == [
        ("Friend", "owner"),
        ("ada", "editor"),
    ]
    assert as_friend.get(url).json()["ownerId"] == str(friend.id)
    assert (listed(as_user)[str(playlist.id)], listed(as_friend)[str(playlist.id)]) == (
        "edit",
        "manage",
    )
    assert share(as_user, playlist, "owner", "ada").status == 403


@pytest.mark.parametrize("role", [Role.USER, Role.GUEST])
def test_only_a_collaborator_who_may_own_playlists_is_handed_one(
    session: Session, as_user: Client, playlist: Playlist, role: Role
) -> None:
    make_user(session, "friend", role)
    if role == Role.GUEST:
        share(as_user, playlist, "viewer")

    reply = share(as_user, playlist, "owner")

    assert (reply.status, reply.json()["error"]) == (409, "conflict")
    assert as_user.get(f"/api/playlists/{playlist.id}").json()["owner"] == "ada"


def test_whoever_is_in_a_full_list_gets_another_role(
    session: Session, as_user: Client, friend: User, playlist: Playlist
) -> None:
    rows = [
        Collaborator(playlist_id=playlist.id, user_id=user.id, role="viewer")
        for user in [friend, *(make_user(session, f"u{n}") for n in range(collaborating.MOST - 1))]
    ]
    session.add_all(rows)
    session.flush()
    make_user(session, "late")

    assert share(as_user, playlist, "editor").status == 200
    assert share(as_user, playlist, "viewer", "late").status == 409


def test_who_is_deleted_stands_in_no_list(
    as_user: Client, as_admin: Client, friend: User, playlist: Playlist
) -> None:
    share(as_user, playlist, "viewer")

    as_admin.delete(f"/api/auth/users/{friend.id}")

    listed = as_user.get(f"/api/playlists/{playlist.id}/collaborators").json()
    assert [one["username"] for one in listed] == ["ada"]


def test_an_editor_may_repeat_what_they_may_not_change(
    as_user: Client, as_friend: Client, playlist: Playlist
) -> None:
    share(as_user, playlist, "editor")
    url = f"/api/playlists/{playlist.id}"

    assert as_friend.put(url, {"name": "Ours", "isPublic": False}).status == 200
    assert as_friend.put(url, {"name": "Mine", "isPublic": True}).status == 403
    assert as_user.get(url).json()["name"] == "Ours"


def test_the_audit_log_tells_who_opened_it_and_to_whom(
    session: Session, as_user: Client, friend: User, user: User, playlist: Playlist
) -> None:
    url, playlist_id = f"/api/playlists/{playlist.id}", str(playlist.id)
    link = as_user.post(f"{url}/links", {}).json()["id"]
    as_user.delete(f"{url}/links/{link}")
    share(as_user, playlist, "viewer")
    share(as_user, playlist, "owner")

    told = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()[-3:]

    opened = {"playlist": playlist_id, "link": link}
    assert [(one.event, one.user_id, one.details) for one in told] == [
        ("playlist.link_created", user.id, opened),
        ("playlist.link_revoked", user.id, opened),
        ("playlist.handed_over", user.id, {"playlist": playlist_id, "owner": str(friend.id)}),
    ]


def test_the_audit_log_tells_of_a_list_that_a_moderator_deleted(
    session: Session, as_user: Client, as_moderator: Client, user: User
) -> None:
    mine, theirs = (make_playlist(session, user.id, is_public=True) for _ in range(2))
    as_moderator.delete(f"/api/playlists/{theirs.id}")
    as_user.delete(f"/api/playlists/{mine.id}")

    told = session.scalars(
        select(AuditEvent).where(AuditEvent.event == "playlist.deleted_by_moderator")
    ).one()

    assert (told.user_id, told.details) == (user.id, {"playlist": str(theirs.id)})
    assert told.actor_id not in (None, user.id)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "nobody", "role": "viewer"}, 404),
        ({"userId": str(uuid4()), "role": "viewer"}, 404),
        ({"username": "ada", "role": "viewer"}, 409),
        ({"role": "viewer"}, 422),
        ({"username": "friend", "role": "boss"}, 422),
    ],
)
def test_refuses_to_share_with_whom_it_cannot(
    as_user: Client, playlist: Playlist, body: object, status: int
) -> None:
    assert as_user.put(f"/api/playlists/{playlist.id}/collaborators", body).status == status


def test_who_is_deactivated_cannot_be_shared_with(
    session: Session, as_user: Client, playlist: Playlist
) -> None:
    make_user(session, "gone", is_active=False)

    assert share(as_user, playlist, "viewer", "gone").status == 404


def test_a_private_playlist_is_shared_with_one_person_and_not_with_another(
    as_user: Client, as_friend: Client, as_other: Client, anonymous: Client, playlist: Playlist
) -> None:
    share(as_user, playlist, "editor")
    url = f"/api/playlists/{playlist.id}"

    for path in ("", "/tracks", "/collaborators", "/entries", "/versions"):
        assert as_friend.get(url + path).status == 200, path
        assert as_other.get(url + path).status == 404, path
        assert anonymous.get(url + path).status in (401, 404), path
