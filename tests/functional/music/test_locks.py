"""What changes a track does not hold up those who refer to it: on committed rows."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, text
from sqlalchemy.orm import Session

from djamms.models.favorite import Favorite
from djamms.models.track import Track
from djamms.models.user import Role, User
from djamms.moderation import repository as moderation
from djamms.music import edit_repository, trash_repository
from djamms.security.principal import Principal
from tests.support.factories import make_track, make_user


@pytest.fixture
def rows(database: Engine) -> Iterator[tuple[UUID, UUID]]:
    with Session(database) as session, session.begin():
        user, track = make_user(session, "liker").id, make_track(session).id
    yield user, track
    with Session(database) as session, session.begin():
        session.execute(delete(User).where(User.id == user))
        session.execute(delete(Track).where(Track.id == track))


def edit(session: Session, track: UUID) -> object:
    admin = Principal(None, Role.ADMIN)
    return edit_repository.lock_tracks(session, principal=admin, track_ids=[track])


def restore(session: Session, track: UUID) -> object:
    return trash_repository.lock_in_place(session, [track])


def hide(session: Session, track: UUID) -> object:
    return moderation.lock_thing(session, track)


@pytest.mark.parametrize("lock", [edit, restore, hide])
def test_a_track_that_is_being_changed_becomes_a_favorite(
    database: Engine, rows: tuple[UUID, UUID], lock: Callable[[Session, UUID], object]
) -> None:
    user, track = rows
    with Session(database) as holding, Session(database) as adding:
        assert lock(holding, track)

        adding.execute(text("SET LOCAL lock_timeout = '1s'"))
        adding.add(favorite := Favorite(user_id=user, track_id=track))
        adding.flush()

        assert favorite.id
