"""The synthesized templates as one set of resources, with the references between them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from infra.config import Config, EnvironmentName, config_of


@dataclass(frozen=True, slots=True)
class Resource:
    id: str
    stack: str
    type: str
    properties: dict[str, Any]
    body: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.stack}/{self.id} ({self.type})"

    @property
    def metadata(self) -> dict[str, Any]:
        return dict(self.body.get("Metadata", {}))


@dataclass(frozen=True)
class Assembly:
    folder: Path
    environment: EnvironmentName
    search: bool = False

    @property
    def config(self) -> Config:
        return config_of(self.environment, search=self.search)

    @cached_property
    def templates(self) -> dict[str, dict[str, Any]]:
        files = sorted(self.folder.glob("*.template.json"))
        return {file.name.split(".")[0]: json.loads(file.read_text()) for file in files}

    @cached_property
    def resources(self) -> dict[str, Resource]:
        return {
            name: Resource(name, stack, body["Type"], body.get("Properties", {}), body)
            for stack, template in self.templates.items()
            for name, body in template["Resources"].items()
        }

    @cached_property
    def exports(self) -> dict[str, Any]:
        return {
            output["Export"]["Name"]: output["Value"]
            for template in self.templates.values()
            for output in template.get("Outputs", {}).values()
            if "Export" in output
        }

    def of_type(self, kind: str) -> list[Resource]:
        return [resource for resource in self.resources.values() if resource.type == kind]

    def functions(self) -> dict[str, Resource]:
        found = self.of_type("AWS::Lambda::Function")
        return {function.metadata["djamms:function"]: function for function in found}

    def target(self, value: Any) -> Resource | None:
        """The resource that a Ref, a GetAtt or an import of one of these means, else None."""
        match value:
            case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), _]}:
                return self.resources.get(name)
            case {"Fn::ImportValue": str(name)}:
                return self.target(self.exports[name])
        return None

    def text(self, value: Any) -> str:
        """A value with each reference written as `<logical id>`, so that it can be compared."""
        match value:
            case {"Fn::Join": [str(separator), list(parts)]}:
                return separator.join(self.text(part) for part in parts)
            case {"Fn::Sub": str(text)}:
                return text
            case {"Ref": str(name)} if name.startswith("AWS::"):
                return f"<{name}>"
            case dict():
                found = self.target(value)
                return f"<{found.id}>" if found else json.dumps(value, sort_keys=True)
        return str(value)

    def statements(self, role: Resource, *, platform: bool) -> Iterator[dict[str, Any]]:
        """The platform's share is inline; what the function's code does is attached."""
        if platform:
            for policy in role.properties.get("Policies", []):
                yield from policy["PolicyDocument"]["Statement"]
            return
        for attached in self.of_type("AWS::IAM::Policy"):
            if role in [self.target(value) for value in attached.properties["Roles"]]:
                yield from attached.properties["PolicyDocument"]["Statement"]

    def role(self, function: Resource) -> Resource:
        role = self.target(function.properties["Role"])
        assert role is not None
        return role


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
