"""The API's description, read as the operations that it promises."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

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
        [status] = [int(one) for one in self.body["responses"] if one < "4"]
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
