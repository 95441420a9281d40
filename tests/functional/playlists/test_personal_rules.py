"""Rules that tell what a person likes, heard or may read are that person's own."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from djamms.models.favorite import Favorite
from djamms.models.library import PlaybackEvent
from djamms.models.playlist import Playlist
from djamms.models.sharing import Collaborator
from djamms.models.user import User
from djamms.playlists.repository import GAP
from tests.functional.playlists.test_rules import create, listed, one, preview, rules
from tests.support.api import Client, Reply
from tests.support.factories import add_entry, make_playlist, make_track, make_user, sign_in

FAVORITES = rules(one("favorite", "is", True))
PERSONAL = [
    one("favorite", "is", True),
    one("favorite", "is", False),
    one("lastPlayed", "inLast", 30),
    one("lastPlayed", "notInLast", 30),
    one("lastPlayed", "before", "2999-01-01"),
    one("lastPlayed", "isKnown"),
    one("lastPlayed", "isUnknown"),
]


@pytest.fixture
def friend(session: Session) -> User:
    return make_user(session, "friend")


@pytest.fixture
def as_friend(session: Session, friend: User) -> Client:
    return Client().as_(sign_in(session, friend))


@pytest.fixture
def liked(session: Session, user: User) -> None:
    """Of two tracks Ada likes and heard the first."""
    track = make_track(session, "Liked", year=1990)
    make_track(session, "Other", year=1991)
    session.add(Favorite(user_id=user.id, track_id=track.id))
    session.add(PlaybackEvent(user_id=user.id, track_id=track.id))
    session.flush()


def share(client: Client, playlist_id: str, role: str) -> Reply:
    body = {"username": "friend", "role": role}
    return client.put(f"/api/playlists/{playlist_id}/collaborators", body)


def put_rules(client: Client, playlist_id: str, wanted: dict[str, Any]) -> int:
    return client.put(f"/api/playlists/{playlist_id}", {"rules": wanted}).status


@pytest.mark.parametrize("condition", [*PERSONAL[::3], "inPlaylist"], ids=str)
def test_only_the_owner_sets_them(
    session: Session,
    as_user: Client,
    as_friend: Client,
    as_moderator: Client,
    user: User,
    liked: None,
    condition: Any,
) -> None:
    if condition == "inPlaylist":
        public = make_playlist(session, None, is_public=True)
        condition = one("inPlaylist", "is", str(public.id))
    inside = {"any": [one("year", "is", 1990), {"all": [condition]}]}
    made = create(as_user, rules(one("year", "isKnown")), isPublic=True)["id"]
    share(as_user, made, "editor")

    assert put_rules(as_friend, made, inside) == 403
    assert put_rules(as_moderator, made, inside) == 403
    assert put_rules(as_friend, made, rules(one("year", "is", 1991))) == 200
    assert put_rules(as_user, made, inside) == 200
    # Sent back as they are, they change nothing.
    assert put_rules(as_friend, made, as_user.get(f"/api/playlists/{made}").json()["rules"]) == 200


def test_an_editor_does_not_bring_them_back(
    as_user: Client, as_friend: Client, liked: None
) -> None:
    made = create(as_user, FAVORITES)["id"]
    share(as_user, made, "editor")
    put_rules(as_user, made, rules(one("year", "is", 1991)))

    address = f"/api/playlists/{made}/versions/1/restore"
    assert as_friend.post(address, {}).status == 403
    assert listed(as_friend, made) == ["Other"]
    assert as_user.post(address, {}).status == 200
    assert listed(as_user, made) == ["Liked"]


def test_a_list_with_them_is_not_handed_over(
    session: Session, as_user: Client, as_friend: Client, friend: User, liked: None
) -> None:
    made = create(as_user, FAVORITES)["id"]
    share(as_user, made, "editor")

    refused = share(as_user, made, "owner")
    assert refused.status == 409
    assert "freeze" in refused.json()["message"]

    as_user.post(f"/api/playlists/{made}/freeze", {})
    assert share(as_user, made, "owner").status == 200
    assert listed(as_friend, made) == ["Liked"]


@pytest.mark.parametrize("has_heir", [True, False], ids=["heir", "installation"])
@pytest.mark.parametrize("condition", [PERSONAL[0], PERSONAL[2]], ids=["favorite", "lastPlayed"])
def test_with_a_deleted_account_it_becomes_a_plain_list(
    session: Session,
    as_user: Client,
    as_friend: Client,
    as_admin: Client,
    user: User,
    friend: User,
    liked: None,
    condition: dict[str, Any],
    has_heir: bool,
) -> None:
    made = create(as_user, rules(condition), isPublic=True)["id"]
    plain = create(as_user, rules(one("year", "is", 1991)), isPublic=True)["id"]
    theirs = make_track(session, "Theirs")
    session.add(Favorite(user_id=friend.id, track_id=theirs.id))
    session.add(PlaybackEvent(user_id=friend.id, track_id=theirs.id))
    session.flush()

    heir = f"?transferTo={friend.id}" if has_heir else ""
    assert as_admin.delete(f"/api/auth/users/{user.id}{heir}").json()["transferred"] == 2

    assert listed(as_friend, made) == ["Liked"]
    assert as_friend.get(f"/api/playlists/{made}").json()["rules"] is None
    assert as_friend.get(f"/api/playlists/{plain}").json()["rules"] is not None


@pytest.mark.parametrize("condition", PERSONAL, ids=str)
def test_nobodys_list_speaks_of_nobody(
    session: Session, as_admin: Client, liked: None, condition: dict[str, Any]
) -> None:
    stored = rules(condition)
    playlist = make_playlist(session, None, is_public=True, rules=stored)

    assert listed(as_admin, str(playlist.id)) == []


def test_what_is_shared_with_the_owner_is_read_and_no_more(
    session: Session, as_user: Client, as_admin: Client, user: User, friend: User
) -> None:
    theirs = make_playlist(session, friend.id)
    add_entry(session, theirs, make_track(session, "Shared"), GAP)
    wanted = rules(one("inPlaylist", "is", str(theirs.id)))
    assert preview(as_user, wanted).status == 422
    assert preview(as_admin, wanted).status == 422
    session.add(Collaborator(playlist_id=theirs.id, user_id=user.id, role="viewer"))
    session.flush()

    made = create(as_user, wanted)["id"]
    assert listed(as_user, made) == ["Shared"]

    session.delete(session.get_one(Collaborator, (theirs.id, user.id)))
    session.flush()
    assert listed(as_user, made) == []
    assert session.get_one(Playlist, UUID(made)).rules is not None
