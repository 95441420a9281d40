"""Whether a reply is one: OpenSearch answers 200 with what it has when the rest is missing."""

from collections.abc import Mapping
from typing import Any

type Reply = Mapping[str, Any]


class Incomplete(OSError):
    """Some of the index did not answer, or not in time."""


def whole(reply: Reply) -> Reply:
    """Raises Incomplete."""
    if reply["timed_out"] or reply["_shards"]["failed"]:
        raise Incomplete(f"timed out: {reply['timed_out']}, shards: {reply['_shards']}")
    return reply
