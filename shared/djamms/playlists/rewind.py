"""What stood in a playlist before: the edits since are undone one by one, the newest first.

An edit is undone by what it says of entries and of their neighbours, not of order keys, which may
have been renumbered since. Each step takes the time of what it changes, whatever the length.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Entry:
    id: UUID
    track_id: UUID
    added_at: datetime
    added_by: UUID | None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an entry stood: behind another one, None = first."""

    id: UUID
    behind: UUID | None


@dataclass(frozen=True, slots=True)
class Undo:
    """First what was added goes, then what was removed returns, then all go to their places.

    `placed` is in the order of the playlist. `order` names all entries, where an edit moved many.
    `fields` are the playlist's own.
    """

    added: Sequence[UUID] = ()
    removed: Sequence[Entry] = ()
    placed: Sequence[Placed] = ()
    order: Sequence[UUID] | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def between(cls, before: Sequence[Entry], after: Collection[UUID]) -> "Undo":
        """For an edit that left what stayed in its order."""
        known = {entry.id for entry in before}
        behind = [None, *(entry.id for entry in before)]
        placed = [
            Placed(entry.id, one)
            for entry, one in zip(before, behind, strict=False)
            if entry.id not in after
        ]
        return cls(
            added=[one for one in after if one not in known],
            removed=[entry for entry in before if entry.id not in after],
            placed=placed,
        )

    def to_json(self) -> dict[str, Any]:
        """All but `order`, which has a column of its own: half the size."""
        found = {
            "added": [str(one) for one in self.added],
            "removed": [_entry_to_json(one) for one in self.removed],
            "placed": [[str(one.id), _text(one.behind)] for one in self.placed],
            "fields": self.fields,
        }
        return {name: value for name, value in found.items() if value}

    @classmethod
    def from_json(cls, kept: dict[str, Any], order: Sequence[UUID] | None) -> "Undo":
        return cls(
            added=[UUID(one) for one in kept.get("added", ())],
            removed=[_entry_from_json(one) for one in kept.get("removed", ())],
            placed=[Placed(UUID(one), _uuid(behind)) for one, behind in kept.get("placed", ())],
            order=order,
            fields=kept.get("fields", {}),
        )


def _entry_to_json(entry: Entry) -> list[str | None]:
    return [
        *(str(entry.id), str(entry.track_id)),
        *(entry.added_at.isoformat(), _text(entry.added_by)),
    ]


def _entry_from_json(kept: Sequence[str]) -> Entry:
    entry_id, track_id, added_at, added_by = kept
    return Entry(UUID(entry_id), UUID(track_id), datetime.fromisoformat(added_at), _uuid(added_by))


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _uuid(value: str | None) -> UUID | None:
    return None if value is None else UUID(value)


class Content:
    """Entries in their order, as a chain: to move one costs the same anywhere."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self._chain(list(self.entries))

    def __iter__(self) -> Iterator[Entry]:
        current = self._next[None]
        while current is not None:
            yield self.entries[current]
            current = self._next[current]

    def undo(self, step: Undo) -> None:
        for entry_id in step.added:
            self._take(entry_id)
            self.entries.pop(entry_id, None)
        for entry in step.removed:
            self.entries[entry.id] = entry
            if entry.id not in self._next:
                self._put(entry.id, self._previous[None])
        if step.order is not None:
            known = [one for one in step.order if one in self.entries]
            named = set(known)
            self._chain([*known, *(one.id for one in self if one.id not in named)])
        for place in step.placed:
            if place.id in self.entries:
                self._take(place.id)
                self._put(place.id, self._standing(place.behind))

    def _standing(self, behind: UUID | None) -> UUID | None:
        """What an entry is put behind; one that is gone for good leaves the end."""
        return behind if behind in self._next else self._previous[None]

    def _chain(self, order: Sequence[UUID]) -> None:
        # None stands before the first and behind the last.
        ring: list[UUID | None] = [None, *order, None]
        self._next: dict[UUID | None, UUID | None] = dict(pairwise(ring))
        self._previous = {behind: before for before, behind in pairwise(ring)}

    def _take(self, entry_id: UUID) -> None:
        if entry_id in self._next:
            before, behind = self._previous.pop(entry_id), self._next.pop(entry_id)
            self._next[before], self._previous[behind] = behind, before

    def _put(self, entry_id: UUID, before: UUID | None) -> None:
        behind = self._next[before]
        self._next[before] = self._previous[behind] = entry_id
        self._previous[entry_id], self._next[entry_id] = before, behind
