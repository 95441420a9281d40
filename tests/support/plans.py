"""Entries of a plan in few words, and what a plan is held against: the oracle."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from djamms.scheduler.plan.conflicts import Clash, conflicts, gaps
from djamms.scheduler.plan.contenders import Entry, Override
from djamms.scheduler.plan.instants import instant_of
from djamms.scheduler.plan.resolver import Plan, Segment
from tests.support.plan_oracle import Oracle, between, why


def entry(number: int, start: str, end: str, zone: str = "UTC", **more: Any) -> Entry:
    """Its id is the number; the higher, the newer."""
    words = {"created_at": float(number), "playlist_id": None, **more}
    return Entry(
        id=UUID(int=number), zone=zone, start=minute_of(start), end=minute_of(end), **words
    )


def minute_of(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def number(one: object) -> int | None:
    """Of an entry."""
    return one.id.int if isinstance(one, Entry) else None


def agrees(entries: Sequence[Entry], from_: datetime, until: datetime) -> None:
    """Timeline, answers at single instants, conflicts and gaps are those of the oracle."""
    due = Oracle(entries, from_, until).due()
    plan, start = Plan(entries), instant_of(from_)
    segments = plan.timeline(start, instant_of(until))
    _timeline_agrees(segments, due, start)
    _answers_agree(plan, due, start)
    _conflicts_agree(entries, due, start)
    alone = [(start + 60 * low, start + 60 * high) for low, high in _runs([not x for x in due])]
    assert gaps(plan, start, instant_of(until)) == alone


def _timeline_agrees(segments: Sequence[Segment], due: list[list[Entry]], start: int) -> None:
    winners = [ids[0] if ids else None for ids in due]
    expected, at = [], start
    for winner, same in groupby(winners, key=lambda one: one and one.id):
        length = 60 * len(list(same))
        expected.append((at, at + length, winner))
        at += length
    found = [(one.from_, one.until, one.winner and one.winner.id) for one in segments]
    assert found == expected
    for segment in segments:
        minutes = range((segment.from_ - start) // 60, (segment.until - start) // 60)
        losers: dict[UUID, set[int]] = defaultdict(set)
        for minute in minutes:
            for one in due[minute][1:]:
                losers[one.id].add(minute)
        said: dict[UUID, set[int]] = defaultdict(set)
        for piece in segment.losers:
            span = range((piece.from_ - start) // 60, (piece.until - start) // 60)
            said[piece.contender.id] |= set(span)
            assert isinstance(segment.winner, Entry)
            assert isinstance(piece.contender, Entry)
            assert piece.reason == between(segment.winner, piece.contender)
        assert said == losers


def _answers_agree(plan: Plan, due: list[list[Entry]], start: int) -> None:
    """At each end of who is due, and within: the first and the last second of a minute."""
    winners = [ids[0].id if ids else None for ids in due]
    edges = {n + k for n in range(1, len(due)) if due[n] != due[n - 1] for k in (-1, 0)}
    for minute in sorted(edges):
        for second in (0, 59):
            found = plan.resolve(start + 60 * minute + second)
            ids = [found.winner, *(one.contender for one in found.losers)]
            assert [one for one in ids if one] == due[minute]
            assert found.rule == why(due[minute])
            ahead = _first(winners[minute:], lambda one, here=winners[minute]: one != here)
            behind = _first(winners[minute::-1], lambda one, here=winners[minute]: one != here)
            if ahead is not None:
                assert found.until == start + 60 * (minute + ahead)
                coming = _first(winners[minute + ahead :], bool)
                if coming is not None:
                    assert found.next is not None
                    assert found.next.from_ == start + 60 * (minute + ahead + coming)
                    assert found.next.winner.id == winners[minute + ahead + coming]
            else:
                assert found.until is None or found.until >= start + 60 * len(due)
            if behind is not None:
                assert found.from_ == start + 60 * (minute - behind + 1)
            else:
                assert found.from_ is None or found.from_ <= start


def _conflicts_agree(entries: Sequence[Entry], due: list[list[Entry]], start: int) -> None:
    pairs: dict[tuple[UUID, UUID], set[int]] = defaultdict(set)
    for minute, ids in enumerate(due):
        for loser in ids[1:]:
            pairs[ids[0].id, loser.id].add(minute)
    expected = {
        pair: [
            (start + 60 * low, start + 60 * high)
            for low, high in _runs([n in minutes for n in range(len(due))])
        ]
        for pair, minutes in pairs.items()
    }
    found: dict[tuple[UUID, UUID], list[Clash]] = {
        (one.winner.id, one.loser.id): list(one.clashes)
        for one in conflicts(entries, start, start + 60 * len(due))
    }
    assert found == expected


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Where they are true."""
    found, at = [], 0
    for flag, same in groupby(flags):
        length = len(list(same))
        if flag:
            found.append((at, at + length))
        at += length
    return found


def _first(values: Sequence[Any], is_it: Any) -> int | None:
    return next((n for n, value in enumerate(values) if is_it(value)), None)


def override(number: int, from_: int, until: int | None, **more: Any) -> Override:
    """The higher the number, the newer."""
    words = {"playlist_id": None, "created_at": float(number), **more}
    return Override(id=UUID(int=number), starts_at=from_, ends_at=until, **words)
