"""Which grants were used: an append-only file that a test compares with the assembly."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from local.iam.policy import Principal, Request, Role, Statement, like, matches

# Lambda itself uses these, not the code: its logs, its traces, its network interfaces.
_PLATFORM = ("logs:*", "xray:*", "ec2:*NetworkInterface*", "ec2:*PrivateIpAddresses")
_PLATFORM_READS = ("ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs")

# A grant: who, the action and the resource pattern of the statement that allows it.
type Grant = tuple[str, str, str]


@dataclass(slots=True)
class UsageLog:
    """Writes each grant once per process."""

    path: Path
    _unused: dict[str, list[Statement]] = field(default_factory=dict)

    def record(self, principal: Principal, request: Request) -> None:
        if principal.name not in self._unused:
            self._unused[principal.name] = list(narrowed(principal.role))
        unused = self._unused[principal.name]
        for statement in [one for one in unused if matches(one, request)]:
            (action,), (resource,) = statement.actions, statement.resources
            # A full disk is no reason to refuse a request.
            with suppress(OSError):
                self._append((principal.name, action, resource), request)
                unused.remove(statement)

    def _append(self, grant: Grant, request: Request) -> None:
        name, action, resource = grant
        line = {"name": name, "grant": action, "on": resource, "action": request.action}
        # One short write with O_APPEND: the lines of many workers do not mix.
        fd = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(fd, json.dumps(line).encode() + b"\n")
        finally:
            os.close(fd)


def narrowed(role: Role) -> Iterator[Statement]:
    """The role's permissions, one action pattern on one resource pattern each."""
    for statement in role.statements:
        for action, resource in grants_of(Role(role.arn, (statement,))):
            yield Statement("Allow", (action,), (resource,), conditions=statement.conditions)


def grants_of(role: Role) -> Iterator[tuple[str, str]]:
    for statement in role.statements:
        if statement.effect == "Allow":
            for action in statement.actions:
                for resource in statement.resources:
                    yield action, resource


def read(path: Path) -> set[Grant]:
    if not path.exists():
        return set()
    lines = (json.loads(line) for line in path.read_text().splitlines())
    return {(line["name"], line["grant"], line["on"]) for line in lines}


def unused(roles: Iterable[tuple[str, Role]], seen: set[Grant]) -> list[str]:
    """A sentence per granted (action, resource) that nobody used."""
    return [
        f"{name} may {action} on {resource}, and nothing ever used it"
        for name, role in roles
        for action, resource in grants_of(role)
        if (name, action, resource) not in seen and not _is_platform(action)
    ]


def _is_platform(action: str) -> bool:
    return any(like(pattern, action) for pattern in (*_PLATFORM, *_PLATFORM_READS))
