"""REST APIs: the resource tree flattened to routes, and the gateway's own responses."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local.assembly.errors import AssemblyError
from local.assembly.functions import by_arn
from local.assembly.intrinsics import Resolver
from local.assembly.model import Api, Function, GatewayResponse, Route
from local.assembly.names import attribute
from local.assembly.source import Resource

_URI = re.compile(r":lambda:path/[^/]+/functions/(?P<arn>.+)/invocations$")
_HEADER = "gatewayresponse.header."
_MAX_TIMEOUT_MS = 29_000


def apis(resolver: Resolver, functions: Mapping[str, Function]) -> tuple[Api, ...]:
    return tuple(
        _api(resource, resolver, functions)
        for resource in resolver.source.of_type("AWS::ApiGateway::RestApi")
    )


def _api(resource: Resource, resolver: Resolver, functions: Mapping[str, Function]) -> Api:
    api_id = attribute(resource, "Ref", resolver.place)
    root = attribute(resource, "RootResourceId", resolver.place)
    size = resolver.of(resource, "MinimumCompressionSize")
    return Api(
        name=str(resolver.of(resource, "Name", resource.logical_id)),
        routes=tuple(_routes(resolver, api_id, _paths(resolver, root), functions)),
        responses=dict(_responses(resolver, api_id)),
        minimum_compression_size=None if size is None else int(size),
        binary_media_types=tuple(resolver.of(resource, "BinaryMediaTypes", [])),
        stage=_stage(resolver, api_id),
    )


def _paths(resolver: Resolver, root: str) -> dict[str, str]:
    """Resource id → path. The root is ""."""
    parents = {}
    for resource in resolver.source.of_type("AWS::ApiGateway::Resource"):
        parent, part = (resolver.of(resource, key) for key in ("ParentId", "PathPart"))
        parents[attribute(resource, "Ref", resolver.place)] = (parent, part)
    paths = {root: ""}

    def path(resource_id: str) -> str | None:
        if resource_id not in paths and resource_id in parents:
            parent, part = parents[resource_id]
            if (above := path(parent)) is not None:
                paths[resource_id] = f"{above}/{part}"
        return paths.get(resource_id)

    for resource_id in parents:
        path(resource_id)
    return paths


def _routes(
    resolver: Resolver, api_id: str, paths: Mapping[str, str], functions: Mapping[str, Function]
) -> Iterator[Route]:
    permitted = _permitted(resolver, functions)
    for method in resolver.source.of_type("AWS::ApiGateway::Method"):
        if resolver.of(method, "RestApiId") != api_id:
            continue
        path = paths[resolver.of(method, "ResourceId")] or "/"
        verb = str(resolver.of(method, "HttpMethod"))
        owner = f"Route {verb} {path}"
        integration: dict[str, Any] = resolver.of(method, "Integration", {})
        function = _target(integration, functions, owner)
        if function.name not in permitted:
            raise AssemblyError(f"{owner}: API Gateway has no permission to call {function.name}.")
        timeout = min(int(integration.get("TimeoutInMillis", _MAX_TIMEOUT_MS)), _MAX_TIMEOUT_MS)
        yield Route(verb, path, function.name, timeout / 1000)


def _target(
    integration: Mapping[str, Any], functions: Mapping[str, Function], owner: str
) -> Function:
    uri = _URI.search(str(integration.get("Uri", "")))
    if integration.get("Type") != "AWS_PROXY" or uri is None:
        raise AssemblyError(f"{owner} is not a Lambda proxy integration.")
    return by_arn(functions, uri["arn"], owner)


def _permitted(resolver: Resolver, functions: Mapping[str, Function]) -> set[str]:
    names = set()
    for permission in resolver.source.of_type("AWS::Lambda::Permission"):
        if resolver.of(permission, "Principal") == "apigateway.amazonaws.com":
            target = resolver.of(permission, "FunctionName")
            names.add(by_arn(functions, target, permission.label).name)
    return names


def _responses(resolver: Resolver, api_id: str) -> Iterator[tuple[str, GatewayResponse]]:
    for resource in resolver.source.of_type("AWS::ApiGateway::GatewayResponse"):
        if resolver.of(resource, "RestApiId") != api_id:
            continue
        kind, status = resolver.of(resource, "ResponseType"), resolver.of(resource, "StatusCode")
        parameters = resolver.of(resource, "ResponseParameters", {})
        headers = {
            name.removeprefix(_HEADER): value.strip("'")
            for name, value in parameters.items()
            if name.startswith(_HEADER)
        }
        templates = dict(resolver.of(resource, "ResponseTemplates", {}))
        yield kind, GatewayResponse(kind, int(status) if status else None, headers, templates)


def _stage(resolver: Resolver, api_id: str) -> str:
    for stage in resolver.source.of_type("AWS::ApiGateway::Stage"):
        if resolver.of(stage, "RestApiId") == api_id:
            return str(resolver.of(stage, "StageName", "prod"))
    return "prod"
