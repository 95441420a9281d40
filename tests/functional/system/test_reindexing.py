"""Administrators have the search index made anew, and see how far it is."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from djamms.config import config
from djamms.models.audit import AuditEvent
from djamms.models.indexing import SearchIndex
from djamms.security.audit import Event
from tests.support.api import Client

REINDEX = "/api/system/search/reindex"


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """There is OpenSearch; one entry for each time that the indexer was woken."""
    found: list[str] = []
    monkeypatch.setitem(config.__dict__, "index_queue_url", "https://queue.example")
    target = "djamms.search.indexing.service.wake_indexer"
    monkeypatch.setattr(target, lambda: found.append("woken"))
    return found


@pytest.mark.usefixtures("woken")
def test_asked_twice_there_is_one_index_and_one_entry_in_the_log(
    session: Session, as_admin: Client
) -> None:
    first, second = as_admin.post(REINDEX), as_admin.post(REINDEX)

    assert (first.status, second.status) == (202, 202)
    assert first.json()["name"] == second.json()["name"]
    assert first.json()["state"] == "wanted"
    assert len(session.scalars(select(SearchIndex)).all()) == 1
    noted = select(AuditEvent).where(AuditEvent.event == Event.REINDEX_BEGUN)
    [event] = session.scalars(noted).all()
    assert event.details == {"index": first.json()["name"]}


@pytest.mark.usefixtures("woken")
def test_tells_how_far_it_is(as_admin: Client) -> None:
    assert as_admin.get(REINDEX).status == 404
    begun = as_admin.post(REINDEX).json()

    assert as_admin.get(REINDEX).json() == begun
    assert (begun["documents"], begun["lagSeconds"]) == (0, 0)


def test_without_opensearch_there_is_none(as_admin: Client) -> None:
    assert as_admin.post(REINDEX).status == 404
    assert as_admin.get(REINDEX).status == 404


def test_is_for_administrators_alone(as_user: Client) -> None:
    assert as_user.post(REINDEX).status == 403
    assert as_user.get(REINDEX).status == 403
