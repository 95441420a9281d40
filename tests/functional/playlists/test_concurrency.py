"""Many people edit one playlist at once, each on a connection of their own."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from djamms.errors import Conflict, NotFound
from djamms.models.history import PlaylistVersion
from djamms.models.playlist import Playlist, PlaylistEntry
from djamms.models.track import Track
from djamms.models.user import Role, User
from djamms.playlists import history, order, service, versions
from djamms.playlists.precondition import Expected
from djamms.security.principal import Principal
from tests.support.factories import make_playlist, make_track, make_user

PEOPLE = 8
SECONDS = 100


@dataclass(frozen=True)
class Shared:
    """A playlist that is committed, so that other connections see it."""

    engine: Engine
    caller: Principal
    playlist_id: UUID
    tracks: list[UUID]

    @property
    def whom(self) -> dict[str, Any]:
        return {"principal": self.caller, "playlist_id": self.playlist_id}

    def edit(self, edits: list[tuple[int, int]]) -> Counter[str]:
        """Adds (kind 0), removes (1), moves (2) at a rank; what became of them."""
        return Counter(self._until_it_fits(kind, rank) for kind, rank in edits)

    def _until_it_fits(self, kind: int, rank: int) -> str:
        """As a client does: who was too late looks again."""
        while True:
            try:
                with Session(self.engine) as database, database.begin():
                    return self._once(database, kind, rank)
            except (NotFound, Conflict):
                continue

    def _once(self, database: Session, kind: int, rank: int) -> str:
        if kind == 0:
            track = self.tracks[rank % len(self.tracks)]
            order.add_tracks(database, **self.whom, track_ids=[track], position=rank)
            return "added"
        seen = service.order_reply(database, **self.whom)
        if not seen.entry_ids:
            return "nothing there"
        entry = UUID(seen.entry_ids[rank % len(seen.entry_ids)])
        if kind == 1:
            order.remove(database, **self.whom, entry_or_track_id=entry)
            return "removed"
        expected = Expected(seen.version)
        order.move(database, **self.whom, entry_id=entry, position=rank // 2, expected=expected)
        return "moved"


@pytest.fixture(scope="module")
def shared(database: Engine) -> Iterator[Shared]:
    with Session(database) as session:
        owner = make_user(session, "busy")
        playlist = make_playlist(session, owner.id, name="Busy")
        tracks = [
            make_track(session, f"T{number}", duration_seconds=SECONDS) for number in range(5)
        ]
        ids = [track.id for track in tracks]
        session.commit()
        caller = Principal(user_id=owner.id, role=Role.USER)
        yield Shared(database, caller, playlist.id, ids)
        session.execute(delete(User).where(User.id == owner.id))
        session.execute(delete(Track).where(Track.id.in_(ids)))
        session.commit()


@pytest.fixture(autouse=True)
def emptied(shared: Shared) -> None:
    empty(shared)


def empty(shared: Shared) -> None:
    with Session(shared.engine) as session, session.begin():
        session.execute(delete(PlaylistEntry).where(of(shared, PlaylistEntry.playlist_id)))
        session.execute(delete(PlaylistVersion).where(of(shared, PlaylistVersion.playlist_id)))
        playlist = session.get_one(Playlist, shared.playlist_id)
        playlist.version, playlist.track_count, playlist.total_duration_seconds = 1, 0, 0


def of(shared: Shared, column: Any) -> Any:
    return column == shared.playlist_id


def run_at_once(shared: Shared, plans: list[list[tuple[int, int]]]) -> Counter[str]:
    with ThreadPoolExecutor(len(plans)) as people:
        return sum(people.map(shared.edit, plans), Counter())


def check(shared: Shared, done: Counter[str]) -> None:
    """Nothing is lost, ranks have no gap, counts are true, each edit has its version, and all of
    them lead back to the empty playlist."""
    standing = done["added"] - done["removed"]
    edits = done["added"] + done["removed"] + done["moved"]
    with Session(shared.engine) as session:
        reply = service.order_reply(session, **shared.whom)
        listed = service.list_entries(session, **shared.whom, cursor=None, limit=1000).tracks
        keys = session.scalars(
            select(PlaylistEntry.order_key).where(of(shared, PlaylistEntry.playlist_id))
        ).all()
        kept = session.scalar(select(func.count()).where(of(shared, PlaylistVersion.playlist_id)))
        first = versions.list_past_entries(session, **shared.whom, version=1, page=1, limit=9)
    assert reply.track_count == len(listed) == len(reply.entry_ids or ()) == standing
    assert reply.duration == SECONDS * standing
    assert [track.position for track in listed] == list(range(standing))
    assert [track.entry_id for track in listed] == reply.entry_ids
    assert len(set(keys)) == standing
    assert reply.version == kept == 1 + edits
    assert first.entries == []


def test_hundreds_of_edits_at_once_lose_nothing(shared: Shared) -> None:
    choose = random.Random(11)
    plans = [
        [(choose.choice((0, 0, 0, 1, 1, 2)), choose.randrange(40)) for _ in range(40)]
        for _ in range(PEOPLE)
    ]

    done = run_at_once(shared, plans)

    assert sum(done.values()) == PEOPLE * 40
    assert min(done["added"], done["removed"], done["moved"]) > 20
    check(shared, done)


def test_all_at_one_place(shared: Shared) -> None:
    """Everybody adds at the beginning, until there is no room and it is renumbered."""
    done = run_at_once(shared, [[(0, 0)] * 25 for _ in range(PEOPLE)])

    check(shared, done)
    assert done == {"added": 200}


EDIT = st.tuples(st.integers(0, 2), st.integers(0, 12))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plans=st.lists(st.lists(EDIT, min_size=1, max_size=8), min_size=2, max_size=4))
def test_whatever_they_do(shared: Shared, plans: list[list[tuple[int, int]]]) -> None:
    empty(shared)
    with Session(shared.engine) as session, session.begin():
        # The history begins before the first edit.
        playlist = session.get_one(Playlist, shared.playlist_id)
        history.begin(session, principal=shared.caller, playlist=playlist)

    check(shared, run_at_once(shared, plans))
