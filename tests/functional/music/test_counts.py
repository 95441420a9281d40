"""The kept totals follow every way in which a track comes, goes or changes."""

from uuid import uuid4

import pytest
from sqlalchemy import Executable, delete, update
from sqlalchemy.orm import Session

from djamms.models.track import Track
from djamms.models.user import Role
from djamms.music.criteria import TrackFilter
from djamms.music.list_repository import count_tracks
from djamms.security.principal import GUEST_PRINCIPAL, Principal
from tests.support.factories import make_track

MEMBER = Principal(user_id=uuid4(), role=Role.USER)
ALL = TrackFilter()
FIRST = Track.title == "T0"


def counts(session: Session) -> tuple[int, int]:
    """What a guest and what a member counts."""
    return (
        count_tracks(session, principal=GUEST_PRINCIPAL, criteria=ALL),
        count_tracks(session, principal=MEMBER, criteria=ALL),
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (update(Track).values(popularity=9), (2, 3)),
        (update(Track).values(is_active=False), (0, 0)),
        (update(Track).where(FIRST).values(is_active=False), (1, 2)),
        (update(Track).where(FIRST).values(is_public=False), (1, 3)),
        (update(Track).values(is_public=True), (3, 3)),
        (update(Track).where(FIRST).values(is_active=False, is_public=False), (1, 2)),
        (delete(Track).where(FIRST), (1, 2)),
        (delete(Track).where(Track.title == "nothing"), (2, 3)),
    ],
)
def test_counts_stay_true(session: Session, change: Executable, expected: tuple[int, int]) -> None:
    for index in range(3):
        make_track(session, f"T{index}", is_public=index < 2)

    session.execute(change, execution_options={"synchronize_session": False})

    assert counts(session) == expected
