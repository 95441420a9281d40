"""Resolves CloudFormation's intrinsic functions to local values."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from local.assembly.errors import AssemblyError
from local.assembly.names import Place, attribute
from local.assembly.source import Resource, Source

_PLACEHOLDER = re.compile(r"\$\{(!?)([^}]+)\}")
_NO_VALUE = object()

# Properties that name a resource; what they say is needed before anything can refer to it.
_NAMES = {
    "AWS::ApiGateway::Stage": "StageName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::SecretsManager::Secret": "Name",
}

# A function's name with a qualifier; both stand for the function itself here.
_QUALIFIED = ("AWS::Lambda::Alias", "AWS::Lambda::Version")


class Resolver:
    """`value(stack, x)` is x with every Ref, Fn::GetAtt, Fn::Join, … replaced."""

    def __init__(self, source: Source, place: Place) -> None:
        self.source = source
        self.place = place
        self._functions: dict[str, Callable[[str, Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Join": self._join,
            "Fn::Sub": self._sub,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::FindInMap": self._find_in_map,
            "Fn::ImportValue": self._import,
            "Fn::GetStackOutput": self._stack_output,
        }
        source.resources = {key: self._named(r) for key, r in source.resources.items()}

    def value(self, stack: str, value: Any) -> Any:
        if isinstance(value, list):
            items = [self.value(stack, item) for item in value]
            return [item for item in items if item is not _NO_VALUE]
        if not isinstance(value, dict):
            return value
        if (name := _intrinsic(value)) is None:
            pairs = {key: self.value(stack, item) for key, item in value.items()}
            return {key: item for key, item in pairs.items() if item is not _NO_VALUE}
        if name not in self._functions:
            raise AssemblyError(f"Stack {stack} uses {name}, which the local stack cannot resolve.")
        return self._functions[name](stack, value[name])

    def text(self, stack: str, value: Any) -> str:
        resolved = self.value(stack, value)
        if isinstance(resolved, bool):
            return str(resolved).lower()
        if isinstance(resolved, str | int | float):
            return str(resolved)
        raise AssemblyError(f"Stack {stack} has {value!r} where a text is needed.")

    def of(self, resource: Resource, name: str, default: Any = None) -> Any:
        """A resolved property of a resource."""
        if name not in resource.properties:
            return default
        resolved = self.value(resource.stack, resource.properties[name])
        return default if resolved is _NO_VALUE else resolved

    def _named(self, resource: Resource) -> Resource:
        name = _NAMES.get(resource.type, "")
        if not isinstance(resource.properties.get(name), dict):
            return resource
        resolved = self.value(resource.stack, resource.properties[name])
        return replace(resource, properties={**resource.properties, name: resolved})

    def _ref(self, stack: str, name: str) -> Any:
        if name.startswith("AWS::"):
            return self._pseudo(stack, name)
        parameters = self.source.stacks[stack].section("Parameters")
        if name in parameters:
            return parameters[name].get("Default", "")
        resource = self.source.find(stack, name)
        if resource.type == "AWS::SecretsManager::SecretTargetAttachment":
            return self.value(stack, resource.properties["SecretId"])
        if resource.type in _QUALIFIED:
            return self._qualified(resource)
        return attribute(resource, "Ref", self.place)

    def _qualified(self, resource: Resource) -> str:
        name = self.text(resource.stack, resource.properties["FunctionName"])
        arn = name if name.startswith("arn:") else self.place.arn("lambda", f"function:{name}")
        return f"{arn}:{resource.properties.get('Name', '1')}"

    def _pseudo(self, stack: str, name: str) -> Any:
        values = {
            "AWS::Region": self.place.region,
            "AWS::AccountId": self.place.account,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackName": stack,
            "AWS::StackId": self.place.arn("cloudformation", f"stack/{stack}/local"),
            "AWS::NoValue": _NO_VALUE,
        }
        if name not in values:
            raise AssemblyError(f"Stack {stack} uses the unknown pseudo parameter {name}.")
        return values[name]

    def _get_att(self, stack: str, argument: Any) -> Any:
        logical_id, name = argument.split(".", 1) if isinstance(argument, str) else argument
        resource = self.source.find(stack, logical_id)
        if resource.type in _QUALIFIED:
            return "1" if name == "Version" else self._qualified(resource)
        return attribute(resource, name, self.place)

    def _join(self, stack: str, argument: Any) -> str:
        separator, parts = argument
        resolved = self.value(stack, parts)
        return str(separator).join(self.text(stack, part) for part in resolved)

    def _sub(self, stack: str, argument: Any) -> str:
        template, names = (argument, {}) if isinstance(argument, str) else argument

        def replace(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in names:
                return self.text(stack, names[name])
            return str(self._get_att(stack, name) if "." in name else self._ref(stack, name))

        return _PLACEHOLDER.sub(replace, template)

    def _select(self, stack: str, argument: Any) -> Any:
        index, items = argument
        resolved = self.value(stack, items)
        try:
            return resolved[int(index)]
        except (IndexError, ValueError):
            raise AssemblyError(f"Stack {stack} selects item {index} of {resolved!r}.") from None

    def _split(self, stack: str, argument: Any) -> list[str]:
        separator, text = argument
        return self.text(stack, text).split(separator)

    def _find_in_map(self, stack: str, argument: Any) -> Any:
        name, first, second = (self.text(stack, part) for part in argument[:3])
        try:
            return self.source.stacks[stack].section("Mappings")[name][first][second]
        except KeyError:
            raise AssemblyError(f"Stack {stack} has no {name}/{first}/{second} mapping.") from None

    def _import(self, stack: str, argument: Any) -> Any:
        name = self.text(stack, argument)
        if name not in self.source.exports:
            raise AssemblyError(f"Stack {stack} imports {name}, which no stack exports.")
        exporter, value = self.source.exports[name]
        return self.value(exporter, value)

    def _stack_output(self, stack: str, argument: Any) -> Any:
        exporter, output = (self.text(stack, argument[key]) for key in ("StackName", "OutputName"))
        outputs = (
            self.source.stacks[exporter].section("Outputs")
            if exporter in (self.source.stacks)
            else {}
        )
        if output not in outputs:
            raise AssemblyError(f"Stack {stack} needs {output} of {exporter}, which is not there.")
        return self.value(exporter, outputs[output]["Value"])


def _intrinsic(value: dict[str, Any]) -> str | None:
    if len(value) != 1:
        return None
    name = next(iter(value))
    return name if name == "Ref" or name.startswith("Fn::") else None


def references(value: Any) -> Iterator[str]:
    """Logical ids and parameters that a property names by Ref, Fn::GetAtt or Fn::Sub."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        name = _intrinsic(value)
        if name == "Ref":
            yield value["Ref"]
        elif name == "Fn::GetAtt":
            argument = value[name]
            yield argument.split(".")[0] if isinstance(argument, str) else argument[0]
        elif name == "Fn::Sub":
            yield from _sub_references(value[name])
        else:
            for item in value.values():
                yield from references(item)


def _sub_references(argument: Any) -> Iterator[str]:
    template, names = (argument, {}) if isinstance(argument, str) else argument
    for literal, name in _PLACEHOLDER.findall(template):
        if not literal and name not in names:
            yield name.split(".")[0]
    yield from references(list(names.values()))
