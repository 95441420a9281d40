"""Two devices of one person merge at once, on connections of their own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from djamms import clock
from djamms.library.schemas import LocalFavorite, LocalLibrary, LocalRemovals, RemovedFavorite
from djamms.library.sync import merge
from djamms.models.favorite import Favorite
from djamms.models.track import Track
from djamms.models.user import Role, User
from djamms.security.principal import Principal
from tests.support.factories import make_track, make_user

TRACKS = 60


@pytest.fixture
def person(database: Engine) -> Iterator[tuple[Principal, list[str]]]:
    """Committed, and gone again at the end; with the tracks to merge."""
    with Session(database) as session:
        user = make_user(session, "two-devices")
        tracks = [make_track(session, f"Turn {n}") for n in range(TRACKS)]
        ids = [str(track.id) for track in tracks]
        session.commit()
        yield Principal(user_id=user.id, role=Role.USER), ids
        session.execute(delete(User).where(User.id == user.id))
        session.execute(delete(Track).where(Track.id.in_(ids)))
        session.commit()


@pytest.mark.parametrize("trial", range(8))
def test_what_one_device_takes_back_another_does_not_bring_at_once(
    database: Engine, person: tuple[Principal, list[str]], trial: int
) -> None:
    principal, ids = person
    now = clock.now()
    before = now - timedelta(days=1)
    stale = [LocalFavorite(track_id=one, added_at=before) for one in ids]
    removed = [RemovedFavorite(track_id=one, removed_at=now) for one in ids[: TRACKS // 2]]
    lists = [
        LocalLibrary(removed=LocalRemovals(favorites=removed)),
        *[LocalLibrary(favorites=stale)] * 3,
    ]

    def send(local: LocalLibrary) -> None:
        with Session(database) as session:
            at_once.wait()
            merge(session, principal=principal, local=local)
            session.commit()

    at_once = Barrier(len(lists))
    with ThreadPoolExecutor(len(lists)) as devices:
        for done in [devices.submit(send, one) for one in lists]:
            done.result()

    with Session(database) as session:
        mine = select(Favorite.track_id).where(Favorite.user_id == principal.user_id)
        assert {str(one) for one in session.scalars(mine)} == set(ids[TRACKS // 2 :])
