"""Reads manifest.json and the stack templates of a cloud assembly, unresolved."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.assembly.errors import AssemblyError


@dataclass(frozen=True, slots=True)
class Resource:
    stack: str
    logical_id: str
    type: str
    properties: Mapping[str, Any]
    metadata: Mapping[str, Any]
    directory: Path

    @property
    def label(self) -> str:
        return f"{self.stack}/{self.logical_id} ({self.type})"

    @property
    def path(self) -> str:
        return str(self.metadata.get("aws:cdk:path", f"{self.stack}/{self.logical_id}"))


@dataclass(frozen=True, slots=True)
class Stack:
    name: str
    environment: str  # aws://unknown-account/unknown-region when the stack names none
    directory: Path
    template: Mapping[str, Any]

    def section(self, name: str) -> Mapping[str, Any]:
        section: Mapping[str, Any] = self.template.get(name, {})
        return section


class Source:
    """All stacks of an assembly, with lookups by (stack, logical id) and by export name."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.stacks = {stack.name: stack for stack in _stacks(directory)}
        if not self.stacks:
            raise AssemblyError(f"The assembly in {directory} holds no stack.")
        self.resources = {(r.stack, r.logical_id): r for r in self._resources()}
        self.exports = dict(self._exports())

    def of_type(self, *types: str) -> Iterator[Resource]:
        return (r for r in self.resources.values() if r.type in types)

    def find(self, stack: str, logical_id: str) -> Resource:
        try:
            return self.resources[stack, logical_id]
        except KeyError:
            raise AssemblyError(
                f"Stack {stack} refers to {logical_id}, which it does not define."
            ) from None

    def environment(self) -> tuple[str | None, str | None]:
        """The (account, region) that the stacks name, None where they are environment-agnostic."""
        pairs = [s.environment.removeprefix("aws://").split("/") for s in self.stacks.values()]
        accounts = {p[0] for p in pairs if p[0].isdigit()}
        regions = {p[1] for p in pairs if len(p) > 1 and not p[1].startswith("unknown")}
        return next(iter(accounts), None), _main_region(regions)

    def _resources(self) -> Iterator[Resource]:
        for stack in self.stacks.values():
            for logical_id, body in stack.section("Resources").items():
                properties, metadata = body.get("Properties", {}), body.get("Metadata", {})
                yield Resource(
                    stack.name, logical_id, body["Type"], properties, metadata, stack.directory
                )

    def _exports(self) -> Iterator[tuple[str, tuple[str, Any]]]:
        for stack in self.stacks.values():
            for output in stack.section("Outputs").values():
                if name := output.get("Export", {}).get("Name"):
                    yield name, (stack.name, output["Value"])


def _main_region(regions: set[str]) -> str | None:
    # CloudFront's certificate and WAF live in us-east-1 beside a stack that is somewhere else.
    return min(regions, key=lambda region: (region == "us-east-1", region), default=None)


def _stacks(directory: Path) -> Iterator[Stack]:
    manifest = _json(directory / "manifest.json")
    if manifest.get("missing"):
        keys = ", ".join(str(entry.get("key")) for entry in manifest["missing"])
        raise AssemblyError(f"The assembly in {directory} was made without its context: {keys}.")
    for name, artifact in manifest.get("artifacts", {}).items():
        properties = artifact.get("properties", {})
        if artifact["type"] == "aws:cloudformation:stack":
            template = _json(directory / properties["templateFile"])
            environment = artifact.get("environment", "aws://unknown-account/unknown-region")
            yield Stack(properties.get("stackName", name), environment, directory, template)
        elif artifact["type"] == "cdk:cloud-assembly":
            yield from _stacks(directory / properties["directoryName"])


def _json(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        raise AssemblyError(f"There is no {path}: synthesize the assembly first.") from None
    except ValueError as error:
        raise AssemblyError(f"{path} is not valid JSON: {error}.") from error
    return content
