"""Functions with their environment, layers and role."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.assembly.errors import AssemblyError
from local.assembly.intrinsics import Resolver
from local.assembly.model import Function
from local.assembly.names import attribute
from local.assembly.policies import role
from local.assembly.source import Resource, Source
from local.iam.policy import Role

_EXTENSION = ":layer:AWS-Parameters-and-Secrets-Lambda-Extension"
_RECIPE = "djamms:recipe"


@dataclass(frozen=True, slots=True)
class FunctionReader:
    resolver: Resolver
    roles: Mapping[str, Role]
    recipes: Mapping[str, str]  # layer ARN → recipe
    overrides: Mapping[str, str]

    def read(self, resource: Resource) -> Function:
        handler = str(self.resolver.of(resource, "Handler", ""))
        name = _noun(resource, handler)
        owner = f"Function {name}"
        layers = list(self.resolver.of(resource, "Layers", []))
        return Function(
            name=name,
            logical_id=resource.logical_id,
            arn=attribute(resource, "Arn", self.resolver.place),
            handler=handler,
            environment=self._environment(resource, owner),
            timeout_seconds=int(self.resolver.of(resource, "Timeout", 3)),
            memory_mb=int(self.resolver.of(resource, "MemorySize", 128)),
            reserved_concurrency=self.resolver.of(resource, "ReservedConcurrentExecutions"),
            recipes=tuple(self._recipes(layers, owner)),
            secrets_extension=any(_EXTENSION in layer for layer in layers),
            role=role(self.roles, self.resolver.of(resource, "Role"), owner),
            asset_path=_asset(resource),
        )

    def _environment(self, resource: Resource, owner: str) -> dict[str, str]:
        variables = resource.properties.get("Environment", {}).get("Variables", {})
        return {
            name: self._variable(resource.stack, name, value, owner)
            for name, value in variables.items()
        }

    def _variable(self, stack: str, name: str, value: Any, owner: str) -> str:
        if name in self.overrides:
            return self.overrides[name]
        try:
            text = self.resolver.text(stack, value)
        except AssemblyError as error:
            raise AssemblyError(f"{owner}: environment variable {name}: {error}") from error
        if not text:
            raise AssemblyError(f"{owner}: environment variable {name} has no value.")
        return text

    def _recipes(self, layers: list[str], owner: str) -> Iterator[str]:
        for layer in layers:
            if _EXTENSION in layer:  # AWS owns it; the local stack serves its HTTP API
                continue
            if layer not in self.recipes:
                raise AssemblyError(
                    f"{owner} names the layer {layer}, which the assembly does not define."
                )
            yield self.recipes[layer]


def functions(
    resolver: Resolver, roles: Mapping[str, Role], overrides: Mapping[str, str]
) -> dict[str, Function]:
    """Functions by noun. Those that only run while CloudFormation deploys are left out."""
    reader = FunctionReader(resolver, roles, _layer_recipes(resolver), overrides)
    helpers = _deployment_helpers(resolver.source)
    found: dict[str, Function] = {}
    for resource in resolver.source.of_type("AWS::Lambda::Function"):
        if (resource.stack, resource.logical_id) in helpers:
            continue
        function = reader.read(resource)
        if function.name in found:
            raise AssemblyError(f"Two functions have the handler {function.handler}.")
        found[function.name] = function
    return found


def by_arn(found: Mapping[str, Function], arn: str, owner: str) -> Function:
    """The function of an ARN or a name, with or without an alias or version."""
    for function in found.values():
        names = (function.arn, function.arn.rsplit(":", 1)[1])
        if arn in names or arn.startswith(tuple(f"{name}:" for name in names)):
            return function
    raise AssemblyError(f"{owner} targets {arn}, which is no function of the assembly.")


def _layer_recipes(resolver: Resolver) -> dict[str, str]:
    recipes = {}
    for layer in resolver.source.of_type("AWS::Lambda::LayerVersion"):
        if _RECIPE not in layer.metadata:
            raise AssemblyError(f"Layer {layer.label} does not say its recipe ({_RECIPE}).")
        recipes[attribute(layer, "Ref", resolver.place)] = str(layer.metadata[_RECIPE])
    return recipes


def _deployment_helpers(source: Source) -> set[tuple[str, str]]:
    """Functions behind a custom resource's ServiceToken: they run when CloudFormation deploys."""
    helpers = set()
    for resource in source.resources.values():
        token = resource.properties.get("ServiceToken")
        if isinstance(token, dict) and "Fn::GetAtt" in token:
            helpers.add((resource.stack, token["Fn::GetAtt"][0]))
    return helpers


def _noun(resource: Resource, handler: str) -> str:
    match handler.split("."):
        case ["functions", noun, "handler", "handler"]:
            return noun
    raise AssemblyError(
        f"Function {resource.label} has the handler {handler!r}; "
        "handlers are named functions.<name>.handler.handler."
    )


def _asset(resource: Resource) -> Path | None:
    key = resource.properties.get("Code", {}).get("S3Key")
    staged = f"asset.{key.removesuffix('.zip')}" if isinstance(key, str) else None
    path = resource.metadata.get("aws:asset:path", staged)
    return resource.directory / path if path else None
