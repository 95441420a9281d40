"""Every search leaves a record, and tells nobody's name who has none."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.search_analytics import RecordedSearch
from djamms.models.user import User
from djamms.search.analytics import record_repository
from tests.support.api import Client
from tests.support.factories import make_track

SEARCH = "/api/music/search"


def records(session: Session) -> list[RecordedSearch]:
    order = select(RecordedSearch).order_by(RecordedSearch.searched_at, RecordedSearch.query)
    return list(session.scalars(order.execution_options(populate_existing=True)))


def search(client: Client, words: str, **headers: str) -> str | None:
    reply = client.get(f"{SEARCH}?{words}", **headers)
    assert reply.status == 200
    found: str | None = reply.json()["searchId"]
    return found


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> "Later":
    return Later(monkeypatch)


class Later:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patch = monkeypatch
        # Not near the end of anything, so that a test never spans one.
        self.at = clock.now().replace(hour=12, minute=1, second=0)
        self.by()

    def by(self, **time: float) -> datetime:
        self.at += timedelta(**time)
        moment = self.at
        self.patch.setattr(clock, "_now", lambda: moment)
        return moment


def test_keeps_what_was_asked_and_what_came_of_it(
    session: Session, as_user: Client, user: User
) -> None:
    make_track(session, "Night Ferry", genre="Jazz")

    named = search(as_user, "q=+Night++FERRY+&genre=jazz&artist=")

    [one] = records(session)
    assert str(one.id) == named
    assert (one.query, one.filters, one.result_count) == ("night ferry", {"genre": "jazz"}, 1)
    assert (one.searcher, one.page, one.engine, one.degraded) == (user.id, 1, "postgres", False)
    assert 0 < one.elapsed_ms < 10_000
    assert (one.clicks, one.click_position) == (0, None)


def test_names_of_other_kinds_are_results(session: Session, anonymous: Client) -> None:
    make_track(session, "Night", artist="Ferrymen")

    search(anonymous, "q=ferrymen&types=artist")

    assert [one.result_count for one in records(session)] == [1]


def test_guests_leave_a_pseudonym_of_the_day(
    session: Session, anonymous: Client, later: Later
) -> None:
    agents = {"User-Agent": "One"}, {"User-Agent": "Two"}, {"X-Session-Id": "three"}
    for number, agent in enumerate(agents):
        search(anonymous, f"q={number}", **agent)
        search(anonymous, f"q={number}+again", **agent)
    later.by(days=1)
    search(anonymous, "q=tomorrow", **agents[0])

    found = {one.query: one.searcher for one in records(session)}
    assert None not in found.values()
    assert len(found) == 4, "the same browser typed on"
    assert len(set(found.values())) == 4


def test_typing_on_is_one_search(session: Session, as_user: Client, later: Later) -> None:
    ids = [search(as_user, f"q={words}") for words in ("n", "nig", "Night", "night+f")]

    [one] = records(session)
    assert (one.query, str(one.id)) == ("night f", ids[-1])
    assert len(set(ids)) == 4

    later.by(minutes=3)
    search(as_user, "q=night+ferry")
    search(as_user, "q=blue")
    assert [one.query for one in records(session)] == ["night f", "blue", "night ferry"]


def test_what_was_opened_is_not_typed_over(session: Session, as_user: Client, later: Later) -> None:
    named = search(as_user, "q=nig")
    [one] = records(session)
    one.clicks, one.click_position = 1, 1
    session.flush()

    later.by(seconds=1)
    search(as_user, "q=night")

    assert str(records(session)[0].id) == named
    assert [one.query for one in records(session)] == ["nig", "night"]


def test_pages_and_repetitions_are_one_search(
    session: Session, anonymous: Client, later: Later
) -> None:
    make_track(session, "Night")
    ids = [search(anonymous, f"q=night&page={page}&limit=1") for page in (1, 3, 2, 1)]

    [one] = records(session)
    assert (one.page, set(ids)) == (3, {str(one.id)})

    later.by(hours=1)
    assert search(anonymous, "q=night") not in ids
    assert len(records(session)) == 2


def test_typing_back_to_what_was_searched_before_keeps_both(
    session: Session, as_user: Client, later: Later
) -> None:
    for words in ("night", "ni", "night"):
        search(as_user, f"q={words}")
        later.by(seconds=1)

    assert sorted(one.query for one in records(session)) == ["ni", "night"]


def test_filters_alone_are_a_search_and_nothing_is_none(
    session: Session, anonymous: Client
) -> None:
    assert search(anonymous, "q=+&genre=") is None
    assert search(anonymous, "genre=jazz") is not None

    assert [(one.query, one.filters) for one in records(session)] == [("", {"genre": "jazz"})]


def test_who_wants_no_history_has_no_name_here_either(
    session: Session, as_user: Client, user: User
) -> None:
    user.preferences = {"saveSearchHistory": False}
    session.flush()

    search(as_user, "q=secret")

    [one] = records(session)
    assert isinstance(one.searcher, UUID)
    assert one.searcher != user.id


@pytest.mark.parametrize("words", ["q=%00", "q=a%00b&artist=x%00", "q=" + "%F0%9F%8E%B5" * 100])
def test_odd_words_are_recorded_or_not_but_answered(
    session: Session, anonymous: Client, words: str
) -> None:
    search(anonymous, words)

    assert all(len(one.query) <= 200 for one in records(session))


def test_what_cannot_be_recorded_is_answered_all_the_same(
    session: Session, anonymous: Client
) -> None:
    session.connection().exec_driver_sql("ALTER TABLE searches RENAME TO elsewhere")

    assert search(anonymous, "q=night") is not None


def test_other_names_of_a_browser_fill_no_table(
    session: Session, anonymous: Client, as_user: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_repository, "MOST_OF_ORIGIN", 3)
    for number in range(5):
        assert search(anonymous, f"q={number}", **{"X-Session-Id": str(number)}) is not None
    search(as_user, "q=mine")

    assert [one.query for one in records(session)] == ["0", "1", "2", "mine"]


def test_other_words_fill_no_table_until_an_hour_is_over(
    session: Session, as_user: Client, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_repository, "MOST_RECORDED", 2)
    for number in range(4):
        search(as_user, f"q={number}")
        later.by(minutes=1)
    later.by(hours=1)
    search(as_user, "q=again")

    assert [one.query for one in records(session)] == ["0", "1", "again"]


def test_guests_of_one_network_are_of_one_origin(
    session: Session, anonymous: Client, as_user: Client, user: User
) -> None:
    for name in ("one", "two"):
        search(anonymous, f"q={name}", **{"X-Session-Id": name})
    search(as_user, "q=mine")

    found = {one.query: one for one in records(session)}
    assert found["one"].searcher != found["two"].searcher
    assert found["one"].origin == found["two"].origin != user.id
    assert found["mine"].origin == user.id
