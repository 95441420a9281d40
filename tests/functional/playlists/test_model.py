"""A playlist and its history agree with plain lists, whatever is done to them in whatever order."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from djamms.models.track import Track
from djamms.models.user import Role
from djamms.playlists import order, repository, service, versions
from djamms.playlists.history_schemas import EntryState
from djamms.playlists.precondition import Expected
from djamms.security.principal import Principal
from tests.support.factories import make_playlist, make_track, make_user

RANK = st.integers(0, 8)


@dataclass(frozen=True)
class Entry:
    id: str
    track: UUID


class PlaylistMachine(RuleBasedStateMachine):
    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.connection = engine.connect()
        self.outer = self.connection.begin()
        self.session = Session(self.connection, join_transaction_mode="create_savepoint")
        owner = make_user(self.session, "modelled")
        self.tracks = [make_track(self.session, f"T{number}").id for number in range(4)]
        self.whom: dict[str, Any] = {
            "principal": Principal(user_id=owner.id, role=Role.USER),
            "playlist_id": make_playlist(self.session, owner.id).id,
        }
        self.entries: list[Entry] = []
        self.hidden: set[UUID] = set()
        self.past: dict[int, list[Entry]] = {1: []}

    def teardown(self) -> None:
        self.session.close()
        self.outer.rollback()
        self.connection.close()

    @property
    def seen(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.track not in self.hidden]

    @property
    def version(self) -> int:
        return max(self.past)

    def put(self, new: list[Entry], position: int | None) -> None:
        """Before the one that is seen at this rank, what is hidden before that one included."""
        seen = self.seen
        if position is None or position >= len(seen):
            self.entries += new
        else:
            place = self.entries.index(seen[position])
            self.entries[place:place] = new

    def done(self, version: int) -> None:
        assert version == self.version + 1
        self.past[version] = [*self.entries]

    @rule(picks=st.lists(st.integers(0, 3), min_size=1, max_size=3), position=RANK | st.none())
    def add(self, picks: list[int], position: int | None) -> None:
        tracks = [one for one in (self.tracks[pick] for pick in picks) if one not in self.hidden]
        if tracks:
            before = {entry.id for entry in self.entries}
            reply = order.add_tracks(self.session, **self.whom, track_ids=tracks, position=position)
            ids = [one for one in reply.entry_ids or () if one not in before]
            self.put([Entry(*pair) for pair in zip(ids, tracks, strict=True)], position)
            self.done(reply.version)

    @precondition(lambda self: self.seen)
    @rule(rank=RANK)
    def remove(self, rank: int) -> None:
        entry = self.seen[rank % len(self.seen)]
        self.entries.remove(entry)
        reply = order.remove(self.session, **self.whom, entry_or_track_id=UUID(entry.id))
        self.done(reply.version)

    @precondition(lambda self: self.seen)
    @rule(pick=st.integers(0, 3))
    def remove_track(self, pick: int) -> None:
        track = self.tracks[pick]
        if any(entry.track == track for entry in self.entries):
            self.entries = [entry for entry in self.entries if entry.track != track]
            reply = order.remove(self.session, **self.whom, entry_or_track_id=track)
            self.done(reply.version)

    @precondition(lambda self: self.seen)
    @rule(rank=RANK, position=RANK)
    def move(self, rank: int, position: int) -> None:
        entry = self.seen[rank % len(self.seen)]
        reply = order.move(
            self.session,
            **self.whom,
            entry_id=UUID(entry.id),
            position=position,
            expected=Expected(self.version),
        )
        self.entries.remove(entry)
        self.put([entry], position)
        self.done(reply.version)

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def rearrange(self, data: st.DataObject) -> None:
        named = data.draw(st.permutations(self.seen))
        reply = order.rearrange(
            self.session,
            **self.whom,
            entry_ids=[UUID(entry.id) for entry in named],
            expected=Expected(self.version),
        )
        behind: dict[Entry | None, list[Entry]] = {}
        leader = None
        for entry in self.entries:
            leader = leader if entry.track in self.hidden else entry
            behind.setdefault(leader, []).append(entry)
        self.entries = [one for key in (None, *named) for one in behind.get(key, ())]
        self.done(reply.version)

    @rule(pick=st.integers(0, 3))
    def hide_or_show(self, pick: int) -> None:
        track = self.tracks[pick]
        self.hidden ^= {track}
        shown = track not in self.hidden
        self.session.execute(update(Track).where(Track.id == track).values(is_active=shown))

    @rule()
    def renumber(self) -> None:
        repository.renumber(self.session, self.whom["playlist_id"])

    @precondition(lambda self: self.version > 1)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        version = data.draw(st.sampled_from(sorted(self.past)))
        reply = versions.restore(self.session, **self.whom, version=version)
        self.entries = [*self.past[version]]
        self.done(reply.version)

    @precondition(lambda self: self.version > 1)
    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        version = data.draw(st.sampled_from(sorted(self.past)))
        past = versions.list_past_entries(
            self.session, **self.whom, version=version, page=1, limit=1000
        )
        found = [Entry(one.entry_id, UUID(one.track_id)) for one in past.entries]
        assert found == self.past[version]
        missing = {UUID(one.track_id) for one in past.entries if one.state == EntryState.MISSING}
        assert missing == self.hidden & {entry.track for entry in self.past[version]}

    @invariant()
    def shows_what_the_list_says(self) -> None:
        listed = service.list_entries(self.session, **self.whom, cursor=None, limit=1000)
        reply = service.order_reply(self.session, **self.whom)
        ids = [entry.id for entry in self.seen]
        assert [track.entry_id for track in listed.tracks] == reply.entry_ids == ids
        assert [track.position for track in listed.tracks] == list(range(len(ids)))
        assert (reply.track_count, listed.total) == (len(ids), len(ids))
        assert reply.missing_count == len(self.entries) - len(ids)


def test_agrees_with_plain_lists(database: Engine) -> None:
    class OnThisDatabase(PlaylistMachine):
        def __init__(self) -> None:
            super().__init__(database)

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(max_examples=15, stateful_step_count=25, deadline=None),
    )
