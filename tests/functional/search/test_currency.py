"""Which index may answer: one made as this code asks, and told of changes in time."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from djamms import clock
from djamms.config import config
from djamms.models.indexing import IndexState, SearchChange, SearchIndex
from djamms.search import currency
from djamms.search.currency import MOST_LATE, RANK_MOST_LATE, Kept, is_current
from djamms.search.indexing.store import definition_hash
from djamms.search.schemas import SearchQuery
from djamms.search.service import engine_for, find
from djamms.security.principal import GUEST_PRINCIPAL
from tests.support.factories import make_track


def register(session: Session, *, definition: str | None = None, state: str = "live") -> None:
    named = definition or definition_hash()
    session.add(SearchIndex(name="djamms-1", state=state, definition=named))
    session.flush()


def change(session: Session, age: timedelta, *, urgency: int = 1) -> None:
    at = clock.now() - age
    row = SearchChange(kind="track", document="x", changed_at=at, urgency=urgency)
    session.add(row)
    session.flush()


def test_one_of_this_definition_is(session: Session) -> None:
    assert not is_current(session)

    register(session)

    assert is_current(session)


def test_one_of_another_definition_is_not(session: Session) -> None:
    register(session, definition="other")

    assert not is_current(session)


def test_one_that_is_being_built_is_not(session: Session) -> None:
    register(session, state=IndexState.BUILDING)

    assert not is_current(session)


@pytest.mark.parametrize(
    ("urgency", "most_late"), [(2, MOST_LATE), (1, MOST_LATE), (0, RANK_MOST_LATE)]
)
def test_one_that_is_behind_is_not(session: Session, urgency: int, most_late: timedelta) -> None:
    register(session)
    change(session, most_late - timedelta(seconds=10), urgency=urgency)
    assert is_current(session)

    change(session, most_late * 2, urgency=urgency)
    assert is_current(session), "they are told in the order that they were made in"
    session.query(SearchChange).delete()
    change(session, most_late + timedelta(seconds=1), urgency=urgency)

    assert not is_current(session)


def test_the_answer_is_kept_for_a_second(session: Session) -> None:
    now = [0.0]
    kept = Kept(lambda: now[0])
    assert not kept.read(session)

    register(session)
    assert not kept.read(session)
    now[0] = 1.0

    assert kept.read(session)


def test_counts_and_facets_of_a_late_index_show_nothing_that_was_hidden_since(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens at that address: were it asked, it would fail and say so by the breaker."""
    monkeypatch.setitem(config.__dict__, "search_url", "http://127.0.0.1:1")
    monkeypatch.setattr(currency, "kept", Kept)
    register(session)
    make_track(session, "Thunder", artist="Hidden", is_public=False, genre="Grime")
    make_track(session, "Thunder", artist="Shown", genre="Rock")
    session.query(SearchChange).delete()
    change(session, RANK_MOST_LATE)

    query = SearchQuery(q="thunder")
    found = find(session, engine_for(session), GUEST_PRINCIPAL, query)

    assert (found.engine, found.degraded, found.total) == ("postgres", True, 1)
    assert [one.value for one in found.facets["genre"]] == ["rock"]
