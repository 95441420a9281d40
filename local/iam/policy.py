"""Policy statements and their evaluation.

Source: "Policy evaluation logic" in the IAM user guide: an explicit Deny wins, then an Allow is
needed. Condition operators that are not evaluated here are an error, never a pass.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache


class PolicyError(Exception):
    """A policy says something that is not evaluated here."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One IAM policy statement. An empty tuple means that the element is absent."""

    effect: str
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    principals: tuple[str, ...] = ()  # "Service:s3.amazonaws.com"; resource policies only


@dataclass(frozen=True, slots=True)
class Role:
    arn: str
    statements: tuple[Statement, ...]
    managed_policies: tuple[str, ...] = ()  # names of AWS's own, AWSLambdaVPCAccessExecutionRole


@dataclass(frozen=True, slots=True)
class Request:
    """One action on one resource. `context` holds condition keys in lower case."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a function (or a schedule) with its role."""

    name: str
    role: Role
    region: str
    account: str

    def refusal(self, request: Request) -> str | None:
        """None when the role allows it, else AWS's sentence naming who, what and on which."""
        verdict = decide(self.role.statements, request)
        if verdict == "Allow":
            return None
        role = self.role.arn.rsplit("/", 1)[-1]
        why = (
            "with an explicit deny in an identity-based policy"
            if verdict == "Deny"
            else f"because no identity-based policy allows the {request.action} action"
        )
        return (
            f"User: arn:aws:sts::{self.account}:assumed-role/{role}/{self.name} is not authorized "
            f"to perform: {request.action} on resource: {request.resource} {why}"
        )


def decide(statements: Iterable[Statement], request: Request) -> str:
    """ "Allow", "Deny" (explicit) or "None" (nothing allows it)."""
    verdict = "None"
    for statement in statements:
        if matches(statement, request):
            if statement.effect == "Deny":
                return "Deny"
            verdict = "Allow"
    return verdict


def matches(statement: Statement, request: Request) -> bool:
    return (
        _element(statement.actions, statement.not_actions, request.action, ignore_case=True)
        and _element(statement.resources, statement.not_resources, request.resource)
        and all(
            _condition(operator, key, values, request)
            for operator, pairs in statement.conditions.items()
            for key, values in pairs.items()
        )
    )


def _element(
    positive: tuple[str, ...], negative: tuple[str, ...], value: str, *, ignore_case: bool = False
) -> bool:
    if negative:
        return not any(like(pattern, value, ignore_case=ignore_case) for pattern in negative)
    return any(like(pattern, value, ignore_case=ignore_case) for pattern in positive)


def like(pattern: str, value: str, *, ignore_case: bool = False) -> bool:
    """IAM's wildcards: * is any text, ? one character."""
    return _compiled(pattern, ignore_case).fullmatch(value) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    text = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(text, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _condition(operator: str, key: str, values: tuple[str, ...], request: Request) -> bool:
    optional = operator.endswith("IfExists")
    name = operator.removesuffix("IfExists")
    actual = request.context.get(key.lower())
    if name == "Null":
        return (actual is None) == (values[0] == "true")
    if name not in _TESTS:
        raise PolicyError(f"The condition operator {operator} is not evaluated locally.")
    if key.lower() not in _KEYS:
        raise PolicyError(f"The condition key {key} is not evaluated locally.")
    negated, test = _TESTS[name]
    if actual is None:
        return optional or negated
    return any(test(value, actual) for value in values) != negated


def _equal(value: str, actual: str) -> bool:
    return value == actual


def _equal_ignoring_case(value: str, actual: str) -> bool:
    return value.lower() == actual.lower()


_TESTS: dict[str, tuple[bool, Callable[[str, str], bool]]] = {
    "StringEquals": (False, _equal),
    "StringNotEquals": (True, _equal),
    "StringEqualsIgnoreCase": (False, _equal_ignoring_case),
    "StringLike": (False, like),
    "StringNotLike": (True, like),
    "ArnEquals": (False, like),
    "ArnLike": (False, like),
    "ArnNotEquals": (True, like),
    "ArnNotLike": (True, like),
    "Bool": (False, _equal_ignoring_case),
}
_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:requestedregion",
        "aws:resourceaccount",
        "aws:securetransport",
        "s3:delimiter",
        "s3:prefix",
    }
)


def dump(name: str, role: Role, region: str, account: str) -> str:
    return json.dumps({"name": name, "role": asdict(role), "region": region, "account": account})


def parse(text: str) -> Principal:
    body = json.loads(text)
    role = body["role"]
    statements = tuple(
        Statement(
            s["effect"],
            tuple(s["actions"]),
            tuple(s["resources"]),
            tuple(s["not_actions"]),
            tuple(s["not_resources"]),
            {op: {k: tuple(v) for k, v in pairs.items()} for op, pairs in s["conditions"].items()},
        )
        for s in role["statements"]
    )
    managed = tuple(role["managed_policies"])
    own = Role(role["arn"], statements, managed)
    return Principal(body["name"], own, body["region"], body["account"])
