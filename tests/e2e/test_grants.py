"""No function may do more than it does: every grant in the assembly has been used by someone."""

from pathlib import Path

from local.assembly import Assembly
from tests.e2e.conftest import Person
from tests.e2e.grants import Excuses, World, require_all_used, use_every_grant
from tests.support.stack import LocalStack

# What AWS itself does with a role, and this machine's stand-ins do in another way.
DONE_BY_AWS: Excuses = {
    ("ingest", "sqs:ChangeMessageVisibility"): "Lambda's poller, for what a batch left over",
    ("mail", "sqs:ChangeMessageVisibility"): "Lambda's poller, for what a batch left over",
    ("playout", "sqs:ChangeMessageVisibility"): "Lambda's poller, for what a batch left over",
    ("playout", "sqs:SendMessage", "DeadLetters"): "Lambda, when an asynchronous call fails on",
    ("jobs", "sqs:SendMessage", "DeadLetters"): "Lambda, when an asynchronous call keeps failing",
}


def test_every_grant_is_used(
    stack: LocalStack, dj: Person, admin: Person, assembly: Assembly, tmp_path: Path
) -> None:
    world = World(stack, dj, admin, assembly, tmp_path)
    use_every_grant(world)

    require_all_used(world, DONE_BY_AWS)
