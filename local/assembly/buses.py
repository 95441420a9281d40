"""Event buses: where functions tell what has happened."""

from collections.abc import Iterator

from local.assembly.intrinsics import Resolver
from local.assembly.model import EventBus
from local.assembly.names import attribute


def event_buses(resolver: Resolver) -> Iterator[EventBus]:
    for resource in resolver.source.of_type("AWS::Events::EventBus"):
        yield EventBus(
            name=attribute(resource, "Ref", resolver.place),
            logical_id=resource.logical_id,
            arn=attribute(resource, "Arn", resolver.place),
        )
