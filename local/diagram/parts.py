"""What reaches what: read off triggers, roles and environment, with names for people."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from local.assembly import Assembly, Bucket, EventBus, Function, Schedule, SearchDomain, Secret

# CDK ends a logical id with eight digits of a hash, a secret's with those of its template too.
HASH = re.compile(r"[0-9A-F]{8}([0-9a-f]{32,})?$")
READS, WRITES, DELETES = "s3:GetObject", "s3:PutObject", "s3:DeleteObject"
OBJECT_VERBS = {READS: "reads", WRITES: "writes", DELETES: "deletes"}


def title(logical_id: str) -> str:
    """`IngestDeadLettersQueue860F4B3A` → `Ingest dead letters queue`."""
    words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", HASH.sub("", logical_id))
    return " ".join(words).capitalize()


def job(schedule: Schedule) -> str:
    """The job that a schedule asks for, or its own name."""
    given = json.loads(schedule.input)
    return str(given.get("job", schedule.name)) if isinstance(given, dict) else schedule.name


def allowed(function: Function) -> Iterator[tuple[str, str]]:
    """(action, resource) for everything that the role allows."""
    for statement in function.role.statements:
        if statement.effect == "Allow":
            for action in statement.actions:
                yield from ((action, resource) for resource in statement.resources)


def secrets_of(assembly: Assembly, function: Function) -> list[Secret]:
    wanted = {arn for action, arn in allowed(function) if action.startswith("secretsmanager:")}
    return [secret for arn, secret in assembly.secrets.items() if arn in wanted]


def databases_of(assembly: Assembly, function: Function) -> list[str]:
    """The types of databases whose credentials it may read."""
    return [secret.attached_to for secret in secrets_of(assembly, function) if secret.attached_to]


def sends_to(assembly: Assembly, function: Function) -> list[str]:
    """ARNs of queues."""
    return [
        arn
        for arn in assembly.queues
        if any(
            action == "sqs:SendMessage" and fnmatchcase(arn, resource)
            for action, resource in allowed(function)
        )
    ]


def publishes_to(assembly: Assembly, function: Function) -> list[EventBus]:
    told = {resource for action, resource in allowed(function) if action == "events:PutEvents"}
    return [bus for bus in assembly.event_buses if bus.arn in told]


def search_verbs(domain: SearchDomain, function: Function) -> str:
    """`get, post`: the methods by which it may call OpenSearch."""
    methods = {
        action.removeprefix("es:ESHttp").lower()
        for action, resource in allowed(function)
        if resource.startswith(f"{domain.arn}/")
    }
    return ", ".join(sorted(methods))


def object_verbs(bucket: Bucket, function: Function) -> str:
    """`reads, writes`: what it may do to the bucket's objects."""
    actions = {
        action for action, resource in allowed(function) if resource.startswith(f"{bucket.arn}/")
    }
    return ", ".join(verb for action, verb in OBJECT_VERBS.items() if action in actions)


def routes_of(assembly: Assembly, function: Function) -> list[str]:
    """`/api/music/*`: a path together with all below it is one."""
    paths = [r.path for api in assembly.apis for r in api.routes if r.function == function.name]
    below = {path.removesuffix("/{proxy+}") for path in paths if path.endswith("/{proxy+}")}
    return [
        f"{path}/*" if path in below else path for path in paths if not path.endswith("/{proxy+}")
    ]


def dead_letter_arns(assembly: Assembly) -> set[str]:
    named = [q.dead_letter_arn for q in assembly.queues.values()]
    named += [s.dead_letter_arn for s in assembly.schedules]
    return {arn for arn in named if arn}
