"""The API's description, read as the operations that it promises."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jsonschema_rs import Draft202012Validator

from local.openapi import METHODS

JSON = "application/json"
NOT_YET = "501"


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    body: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def permission(self) -> str:
        return str(self.body["x-permission"])

    @property
    def is_served(self) -> bool:
        return NOT_YET not in self.body["responses"]

    @cached_property
    def success(self) -> int:
        [status] = [int(one) for one in self.body["responses"] if one < "4" and one != "304"]
        return status

    @property
    def errors(self) -> set[str]:
        return {one for one in self.body["responses"] if "4" <= one < "6"}

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return list(self.body.get("parameters", ()))

    @property
    def media(self) -> dict[str, Any]:
        """What is sent, by content type."""
        return dict(self.body.get("requestBody", {}).get("content", {}))


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield Operation(method.upper(), path, item[method])


def resolve(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` points at; anything else as it is."""
    found = document
    for key in value.get("$ref", "").removeprefix("#/").split("/"):
        if key:
            found = found[key]
    return found if "$ref" in value else value


def media_of(document: dict[str, Any], operation: Operation) -> Iterator[tuple[str, Any]]:
    """(where, media type object) of what is sent and what is answered as JSON."""
    bodies = {"request body": operation.body.get("requestBody", {}), **operation.body["responses"]}
    for where, body in bodies.items():
        content = resolve(document, body).get("content", {})
        if JSON in content:
            yield where, content[JSON]


def examples_of(media: dict[str, Any]) -> list[Any]:
    named = [one["value"] for one in media.get("examples", {}).values()]
    return named + ([media["example"]] if "example" in media else [])


def problems(document: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """Where a value breaks its schema; formats count."""
    whole = {**schema, "components": document["components"]}
    found = Draft202012Validator(whole, validate_formats=True).iter_errors(value)
    return [f"{problem.instance_path}: {problem.message}" for problem in found]
