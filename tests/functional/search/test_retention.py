"""Searches become nobody's, then numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from djamms import clock
from djamms.auth.erasing import erase_due
from djamms.db.session import transaction
from djamms.models.search_analytics import (
    RecordedSearch,
    SearchClick,
    SearchDay,
    SearchDayQuery,
)
from djamms.models.system import SystemSetting
from djamms.models.user import User
from djamms.search.analytics import retention
from djamms.search.analytics.retention import tidy
from functions.jobs.handler import clean_up
from tests.support.api import Client


def add(session: Session, *, days: float, query: str = "night", **values: Any) -> UUID:
    """A search of so many days ago."""
    usual = {
        "searched_at": clock.now() - timedelta(days=days),
        "searcher": uuid4(),
        "origin": uuid4(),
        "result_count": 1,
        "elapsed_ms": 5,
        "engine": "postgres",
        "filters": {},
    }
    one = RecordedSearch(id=uuid4(), query=query, **{**usual, **values})
    session.add(one)
    session.flush()
    return one.id


def searches(session: Session) -> dict[UUID, UUID | None]:
    rows = session.execute(select(RecordedSearch.id, RecordedSearch.searcher))
    return {row.id: row.searcher for row in rows}


def summed_up(session: Session) -> dict[date, int]:
    return {
        row.day: row.searches for row in session.execute(select(SearchDay.day, SearchDay.searches))
    }


def put(session: Session, **values: Any) -> None:
    for name, value in values.items():
        session.get_one(SystemSetting, f"search.{name}").value = value
    session.flush()


def test_forgets_who_and_then_what(session: Session) -> None:
    old, known, new = (add(session, days=days) for days in (366, 31, 29))
    session.add(
        SearchClick(search_id=old, kind="track", document="x", position=1, clicked_at=clock.now())
    )
    session.flush()

    done = tidy(transaction)

    assert done == {"search_hours": 3, "searches_anonymised": 2, "searches": 1, "search_words": 2}
    assert searches(session).keys() == {known, new}
    assert searches(session)[known] is None
    assert searches(session)[new] is not None
    assert session.scalar(select(func.count()).select_from(SearchClick)) == 0
    assert len(summed_up(session)) == 3


def test_does_so_as_the_settings_say(session: Session) -> None:
    put(session, anonymise_days=3, retention_days=5, least_searchers=1)
    _, anonymous, kept = (add(session, days=days) for days in (6, 4, 2))

    tidy(transaction)

    assert searches(session).keys() == {anonymous, kept}
    assert [searches(session)[one] is None for one in (anonymous, kept)] == [True, False]
    assert session.scalar(select(func.count()).select_from(SearchDayQuery)) == 3


def test_what_is_not_summed_up_yet_stays(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    put(session, anonymise_days=1, retention_days=1)
    monkeypatch.setattr(retention, "MOST_HOURS", 1)
    add(session, days=9)
    second = add(session, days=8)

    tidy(transaction)

    assert searches(session) == {second: None}, "who it was is forgotten on time all the same"

    tidy(transaction)
    assert searches(session) == {}
    assert sum(summed_up(session).values()) == 2


def test_a_day_is_summed_up_when_nothing_can_be_opened_any_more(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    add(session, days=0, searched_at=midnight - timedelta(minutes=1))
    for hours, expected in ((5, 0), (7, 1), (8, 0)):
        moment = midnight + timedelta(hours=hours)
        monkeypatch.setattr(clock, "_now", lambda moment=moment: moment)
        assert tidy(transaction)["search_hours"] == expected


def test_words_that_several_searched_for_are_kept(session: Session) -> None:
    for query in ("night", "night", "night", "mine"):
        add(session, days=40, query=query)
    add(session, days=20, query="new")

    tidy(transaction)

    kept = session.execute(select(SearchDayQuery.query, SearchDayQuery.searchers)).all()
    assert sorted(map(tuple, kept)) == [("new", 1), ("night", 3)]


def test_goes_in_batches_and_comes_again(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "MOST_BATCHES", 2)
    for _ in range(5):
        add(session, days=40)
    began: list[None] = []

    @contextmanager
    def counted() -> Iterator[Session]:
        began.append(None)
        with transaction() as database:
            yield database

    assert tidy(counted)["searches_anonymised"] == 4
    assert len(began) >= 4
    assert tidy(counted)["searches_anonymised"] == 1
    assert set(searches(session).values()) == {None}


def test_a_deleted_account_has_searched_nothing(
    session: Session, as_user: Client, as_admin: Client, user: User
) -> None:
    mine = add(session, days=1, searcher=user.id)
    others = add(session, days=1)

    assert as_admin.delete(f"/api/auth/users/{user.id}").status == 200

    session.expire_all()
    assert searches(session)[mine] is None
    assert searches(session)[others] is not None


def test_who_clears_the_history_has_searched_nothing(
    session: Session, as_user: Client, user: User
) -> None:
    mine = add(session, days=1, searcher=user.id)

    assert as_user.delete("/api/user/search-history").status == 200

    session.expire_all()
    assert searches(session)[mine] is None


def test_an_erased_account_leaves_no_name(session: Session, user: User) -> None:
    mine = add(session, days=1, searcher=user.id)
    user.erase_after = clock.now()
    session.flush()

    assert erase_due(transaction) == 1

    session.expire_all()
    assert searches(session)[mine] is None


def test_words_of_few_leave_the_searches_too(session: Session) -> None:
    for _ in range(3):
        add(session, days=40, query="night", filters={"genre": "jazz"})
    add(session, days=40, query="mine", filters={"artist": "my neighbour"}, searcher=None)
    one_room = uuid4()
    for _ in range(3):
        add(session, days=40, query="ours", origin=one_room)
    add(session, days=20, query="new")

    tidy(transaction)

    rows = session.execute(select(RecordedSearch.query, RecordedSearch.filters))
    found = sorted((row.query, str(row.filters)) for row in rows)
    nobodys = [("", "{'artist': ''}"), *[("", "{}")] * 3]
    assert found == [*sorted(nobodys), ("new", "{}"), *[("night", "{'genre': ''}")] * 3]


def test_hours_add_up_to_a_day_and_count_everyone_once(session: Session) -> None:
    day = (clock.now() - timedelta(days=2)).replace(hour=0, minute=30)
    ada, grace = uuid4(), uuid4()
    for hour, who in ((1, ada), (1, ada), (5, grace), (5, ada), (23, ada)):
        moment = day + timedelta(hours=hour)
        add(session, days=0, searched_at=moment, searcher=who, origin=who, result_count=0)

    assert tidy(transaction)["search_hours"] == 3
    assert tidy(transaction)["search_hours"] == 0

    [total] = session.scalars(select(SearchDay))
    assert (total.day, total.searches, total.searchers) == (day.date(), 5, 2)
    [words] = session.scalars(select(SearchDayQuery))
    assert (words.searches, words.searchers, words.zero_results) == (5, 2, 5)


def test_sums_that_fail_keep_nobodys_name_longer(
    session: Session, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("too much")

    monkeypatch.setattr("djamms.search.analytics.retention.days.sum_up", fail)
    old, gone = add(session, days=40), user.id
    user.erase_after = clock.now()
    session.flush()

    with pytest.raises(ExceptionGroup, match="1 of 7 steps failed"):
        clean_up({})

    session.expunge_all()
    assert searches(session) == {old: None}
    assert session.get(User, gone) is None
