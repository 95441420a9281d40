"""What the node lost, or has of another time, is put right without anybody's word."""

from djamms.db.session import transaction
from djamms.models.indexing import IndexState
from djamms.search.indexing import indexes_repository, service
from djamms.search.indexing.checking import EVERY_SECONDS, Checks, check
from tests.functional.indexing.test_rebuilding import steps
from tests.functional.indexing.world import World


def alias_actions(world: World, *actions: dict[str, object]) -> None:
    world.node.call("POST", "/_aliases", {"actions": list(actions)})


def live_name(world: World) -> str:
    found = world.run(indexes_repository.live)
    assert found is not None
    return found.name


def test_a_lost_alias_is_put_back(live: World) -> None:
    live.add_track()
    live.index()
    name = live_name(live)
    alias_actions(
        live,
        {"remove": {"index": name, "alias": live.alias}},
        {"remove": {"index": name, "alias": f"{name}.write"}},
    )

    check(transaction)

    assert live.found() == live.expected()
    live.add_track("Later")
    live.index()
    assert live.found() == live.expected()
    assert live_name(live) == name, "nothing had to be made anew"


def test_an_alias_on_another_index_is_put_back(live: World) -> None:
    live.run(service.begin)
    steps(live, 1)
    coming = live.run(indexes_repository.coming)
    assert coming is not None
    alias_actions(
        live,
        {"remove": {"index": live_name(live), "alias": live.alias}},
        {"add": {"index": coming.name, "alias": live.alias}},
    )

    check(transaction)

    assert set(live.node.call("GET", f"/_alias/{live.alias}")) == {live_name(live)}


def test_a_lost_index_is_made_anew_though_nothing_changes(live: World) -> None:
    live.add_track()
    live.index()
    live.node.call("DELETE", f"/{live_name(live)}")

    check(transaction)
    live.index()

    assert live.found() == live.expected()


def test_one_that_was_lost_while_it_was_built_is_begun_again(live: World) -> None:
    live.add_track()
    live.index()
    live.run(service.begin)
    steps(live, 2)
    coming = live.run(indexes_repository.coming)
    assert coming is not None
    live.node.call("DELETE", f"/{coming.name}")

    check(transaction)

    again = live.run(indexes_repository.coming)
    assert again is not None
    assert (again.name, again.state) == (coming.name, IndexState.WANTED)
    live.index()
    assert live.found() == live.expected()


def test_an_older_copy_of_the_database_is_not_held_against_by_newer_documents(
    live: World,
) -> None:
    """What was added since the copy was made is gone, what was edited is as it was."""
    kept, added = live.add_track("Then"), live.add_track("Since")
    live.index()
    before = live_name(live)
    live.sql("UPDATE tracks SET title = 'Edited' WHERE id = :id", id=kept)
    live.index()
    live.sql("UPDATE tracks SET title = 'Then' WHERE id = :id", id=kept)
    live.sql("DELETE FROM tracks WHERE id = :id", id=added)
    live.sql("DELETE FROM search_outbox")
    live.sql("SELECT setval('search_version', 1)")
    assert live.found() != live.expected()

    check(transaction)
    live.index()

    assert live_name(live) != before
    assert live.found() == live.expected()
    live.sql("UPDATE tracks SET title = 'Again' WHERE id = :id", id=kept)
    live.index()
    assert live.found() == live.expected()


def test_what_is_in_order_is_left_as_it_is(live: World) -> None:
    live.add_track()
    live.index()
    before = live_name(live)
    live.run(service.begin)
    steps(live, 1)

    check(transaction)

    coming = live.run(indexes_repository.coming)
    assert coming is not None
    assert (live_name(live), coming.state) == (before, IndexState.BUILDING)


def test_without_an_index_there_is_nothing_to_look_after(world: World) -> None:
    check(transaction)

    assert world.run(indexes_repository.coming) is None


def test_a_process_looks_once_a_minute_from_its_first_work_on(live: World) -> None:
    now = [0.0]
    checks = Checks(lambda: now[0])
    checks.check_when_due(transaction)
    live.node.call("DELETE", f"/{live_name(live)}")

    now[0] = EVERY_SECONDS - 1
    checks.check_when_due(transaction)
    assert live.run(indexes_repository.live) is not None
    now[0] = EVERY_SECONDS
    checks.check_when_due(transaction)

    assert live.run(indexes_repository.live) is None
