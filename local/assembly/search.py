"""OpenSearch domains: what a request to one is called in a policy."""

from collections.abc import Iterator

from local.assembly.intrinsics import Resolver
from local.assembly.model import SearchDomain
from local.assembly.names import attribute


def search_domains(resolver: Resolver) -> Iterator[SearchDomain]:
    for resource in resolver.source.of_type("AWS::OpenSearchService::Domain"):
        yield SearchDomain(
            name=attribute(resource, "Ref", resolver.place),
            logical_id=resource.logical_id,
            arn=attribute(resource, "Arn", resolver.place),
        )
