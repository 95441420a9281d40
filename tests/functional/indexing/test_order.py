"""What somebody waits for goes first, and what is too large goes in parts."""

from typing import Any

import pytest
from opensearchpy import TransportError

from djamms.db.session import transaction
from djamms.search.indexing import changes, service
from djamms.search.opensearch.client import client
from tests.functional.indexing.world import World

RANKED = 20_000
LIMIT = 3_000


def urgencies(world: World) -> list[tuple[str, int]]:
    from sqlalchemy import text

    rows = "SELECT kind, urgency FROM search_outbox ORDER BY id"
    return [(kind, urgency) for kind, urgency in world.run(lambda d: d.execute(text(rows)).all())]


def test_an_edit_does_not_wait_for_what_only_ranks(live: World) -> None:
    track_id = live.add_track("Old")
    live.index()
    live.sql(
        "INSERT INTO search_outbox (kind, document, urgency)"
        " SELECT 'track', gen_random_uuid(), 0 FROM generate_series(1, :n)",
        n=RANKED,
    )
    live.sql("UPDATE tracks SET title = 'New'")

    assert not changes.tell_changes(transaction)

    assert live.found()[f"track:{track_id}"]["title"] == "New"
    assert len(live.outbox()) == RANKED + 1 - changes.BATCH


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("UPDATE tracks SET title = 'New'", {("track", 2)}),
        ("UPDATE tracks SET popularity = 77", {("track", 0)}),
        ("UPDATE tracks SET title = 'New', popularity = 77", {("track", 2)}),
        ("UPDATE tracks SET is_active = false", {("track", 2), ("artist", 1), ("album", 1)}),
        ("DELETE FROM tracks", {("track", 2), ("artist", 1), ("album", 1)}),
        ("INSERT INTO playlists (name) VALUES ('Mornings')", {("playlist", 2)}),
    ],
)
def test_the_outbox_knows_who_waits(
    live: World, statement: str, left: set[tuple[str, int]]
) -> None:
    live.add_track()
    assert set(urgencies(live)) == {("track", 1), ("artist", 1), ("album", 1)}
    live.index()

    live.sql(statement)

    assert set(urgencies(live)) == left


def bulk_up_to(limit: int, sizes: list[int]) -> Any:
    bulk = type(client()).bulk

    def answer(self: Any, *, body: str, **words: Any) -> Any:
        sizes.append(len(body))
        if len(body) > limit:
            raise TransportError(413, "content_too_long_exception", "")
        return bulk(self, body=body, **words)

    return answer


def test_a_batch_that_is_too_large_goes_in_parts(
    live: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One document alone is too large: it is logged, and the others are there."""
    for number in range(10):
        live.add_track(f"Ferry \u2028 {number}", album=None)
    large = live.add_track("Large", album=None, tags=["x" * 50] * 100)
    gone = live.add_track("Gone", album=None)
    live.sql("DELETE FROM tracks WHERE id = :id", id=gone)
    expected = live.expected()
    del expected[f"track:{large}"]
    sizes: list[int] = []
    monkeypatch.setattr(type(client()), "bulk", bulk_up_to(LIMIT, sizes))

    assert live.index()

    assert sizes[0] > LIMIT
    assert live.found() == expected
    assert live.outbox() == []
    progress = live.run(service.progress)
    assert progress is not None
    assert progress.refused == 1
    refused = [record for record in caplog.records if record.message == "document_refused"]
    assert [str(large) in record.action for record in refused] == [True]  # type: ignore[attr-defined]


def test_a_large_body_is_really_refused_with_413(live: World) -> None:
    """As OpenSearch does it: its own limit is 100 MB."""
    with pytest.raises(TransportError) as raised:
        client().transport.perform_request(
            "POST", f"/{live.alias}/_bulk", body=b" " * (101 * 1024 * 1024)
        )

    assert raised.value.status_code == 413
