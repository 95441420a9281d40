"""IAM statements from policy documents, and the roles that carry them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from local.assembly.errors import AssemblyError
from local.assembly.intrinsics import Resolver
from local.assembly.names import attribute
from local.assembly.source import Resource
from local.iam.policy import Role, Statement


def statements(document: Mapping[str, Any]) -> tuple[Statement, ...]:
    """The statements of a resolved policy document."""
    return tuple(_statement(body) for body in _list(document.get("Statement")))


def roles(resolver: Resolver) -> dict[str, Role]:
    """Every role by ARN, with its inline and attached policies in one list."""
    attached = _attached(resolver)
    found = {}
    for resource in resolver.source.of_type("AWS::IAM::Role"):
        arn = attribute(resource, "Arn", resolver.place)
        inline = _inline(resource, resolver)
        managed = tuple(_managed(resolver.of(resource, "ManagedPolicyArns", [])))
        name = attribute(resource, "Ref", resolver.place)
        found[arn] = Role(arn, (*inline, *attached.get(name, ())), managed)
    return found


def role(found: Mapping[str, Role], arn: str, owner: str) -> Role:
    if arn not in found:
        raise AssemblyError(f"{owner} has the role {arn}, which the assembly does not define.")
    return found[arn]


def _attached(resolver: Resolver) -> dict[str, tuple[Statement, ...]]:
    by_role: dict[str, tuple[Statement, ...]] = {}
    for resource in resolver.source.of_type("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        document = statements(resolver.of(resource, "PolicyDocument"))
        for name in resolver.of(resource, "Roles", []):
            by_role[name] = by_role.get(name, ()) + document
    return by_role


def _inline(resource: Resource, resolver: Resolver) -> Iterator[Statement]:
    for policy in resolver.of(resource, "Policies", []):
        yield from statements(policy["PolicyDocument"])


def _managed(arns: Iterable[str]) -> Iterator[str]:
    return (arn.split(":policy/")[-1].split("/")[-1] for arn in arns)


def _statement(body: Mapping[str, Any]) -> Statement:
    conditions = {
        operator: {key: _texts(values) for key, values in pairs.items()}
        for operator, pairs in body.get("Condition", {}).items()
    }
    return Statement(
        body["Effect"],
        _texts(body.get("Action")),
        _texts(body.get("Resource")),
        _texts(body.get("NotAction")),
        _texts(body.get("NotResource")),
        conditions,
        tuple(_principals(body.get("Principal"))),
    )


def _principals(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for kind, names in value.items():
            yield from (f"{kind}:{name}" for name in _list(names))
    elif value is not None:
        yield f"AWS:{value}"


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(v).lower() if isinstance(v, bool) else str(v) for v in _list(value))
