"""Which route a path belongs to, as API Gateway REST decides it.

A literal segment beats a parameter, a parameter beats a greedy one; only resources with a method
count. Segments are compared as sent: API Gateway hands an encoded path on encoded, so that an
encoded slash never splits a segment, and a trailing slash is a path of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from local.assembly import Route


@dataclass(frozen=True, slots=True)
class Match:
    route: Route
    parameters: Mapping[str, str]


@dataclass(slots=True)
class _Node:
    literals: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "tuple[str, _Node] | None" = None
    greedy: "tuple[str, _Node] | None" = None
    methods: dict[str, Route] = field(default_factory=dict)


class Router:
    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._node(route.path).methods[route.method] = route

    def match(self, method: str, path: str) -> Match | None:
        """None when no resource has the path, or the resource has no such method."""
        found = _walk(self._root, path.split("/")[1:] if path != "/" else [], 0)
        if found is None:
            return None
        node, parameters = found
        route = node.methods.get(method) or node.methods.get("ANY")
        return None if route is None else Match(route, dict(parameters))

    def _node(self, path: str) -> _Node:
        node = self._root
        for part in filter(None, path.split("/")):
            node = _child(node, part)
        return node


def _child(node: _Node, part: str) -> _Node:
    if not part.startswith("{"):
        return node.literals.setdefault(part, _Node())
    name = part.strip("{}")
    if name.endswith("+"):
        node.greedy = node.greedy or (name.rstrip("+"), _Node())
        return node.greedy[1]
    node.parameter = node.parameter or (name, _Node())
    return node.parameter[1]


type _Found = tuple[_Node, tuple[tuple[str, str], ...]]


def _walk(node: _Node, parts: list[str], at: int) -> _Found | None:
    if at == len(parts):
        return (node, ()) if node.methods else None
    part = parts[at]
    if (child := node.literals.get(part)) and (found := _walk(child, parts, at + 1)):
        return found
    if node.parameter and part:
        name, child = node.parameter
        if found := _walk(child, parts, at + 1):
            return found[0], ((name, part), *found[1])
    if node.greedy and (rest := "/".join(parts[at:])):
        name, child = node.greedy
        return (child, ((name, rest),)) if child.methods else None
    return None
