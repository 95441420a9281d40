"""The table: each function with what calls it, what it carries and what its role allows."""

from collections import defaultdict
from collections.abc import Iterator

from local.assembly import Assembly, Function
from local.diagram import parts

type Place = tuple[str, str]  # a title, and a part of what has it

HEAD = """| function | called by | layers | MB | s | secrets | may |
|---|---|---|---|---|---|---|
"""


def table(assembly: Assembly) -> str:
    rows = "".join(_row(assembly, function) for function in assembly.functions.values())
    others = sorted(
        {
            f"`{action}`"
            for function in assembly.functions.values()
            for action, resource in parts.allowed(function)
            if _place(assembly, resource) is None and not action.startswith("secretsmanager:")
        }
    )
    rest = (
        f"\nBesides, for its own logs, traces and network: {', '.join(others)}." if others else ""
    )
    return HEAD + rows + rest


def _row(assembly: Assembly, function: Function) -> str:
    cells = (
        function.name,
        "<br>".join(_callers(assembly, function)),
        " ".join(function.recipes),
        str(function.memory_mb),
        str(function.timeout_seconds),
        "<br>".join(parts.title(one.logical_id) for one in parts.secrets_of(assembly, function)),
        "<br>".join(_permissions(assembly, function)),
    )
    return f"| {' | '.join(cells)} |\n"


def _callers(assembly: Assembly, function: Function) -> Iterator[str]:
    yield from (f"`{route}`" for route in parts.routes_of(assembly, function))
    for source in assembly.event_sources:
        if source.function == function.name:
            yield parts.title(assembly.queues[source.queue_arn].logical_id)
    for schedule in assembly.schedules:
        if schedule.function == function.name:
            yield f"{parts.job(schedule)}, `{schedule.expression}`"


def _permissions(assembly: Assembly, function: Function) -> Iterator[str]:
    """`s3:GetObject` on Media bucket `uploads/*`; actions on the same things stand together."""
    by_action: dict[str, list[Place]] = defaultdict(list)
    for action, resource in parts.allowed(function):
        if place := _place(assembly, resource):
            by_action[action].append(place)
    by_places: dict[tuple[Place, ...], list[str]] = defaultdict(list)
    for action, found in by_action.items():
        by_places[tuple(sorted(found))].append(f"`{action}`")
    for places, actions in by_places.items():
        yield f"{', '.join(actions)} on {_listed(places)}"


def _listed(places: tuple[Place, ...]) -> str:
    """`Media bucket `audio/*` `images/*`, Jobs queue`"""
    paths: dict[str, list[str]] = defaultdict(list)
    for name, path in places:
        paths[name] += [f"`{path}`"] if path else []
    return ", ".join(" ".join((name, *of_name)) for name, of_name in paths.items())


def _place(assembly: Assembly, resource: str) -> Place | None:
    """A queue, a bus, a bucket or OpenSearch, or a part of one; None for anything else."""
    if resource in assembly.queues:
        return parts.title(assembly.queues[resource].logical_id), ""
    for bus in assembly.event_buses:
        if resource == bus.arn:
            return parts.title(bus.logical_id), ""
    for bucket in assembly.buckets.values():
        if resource == bucket.arn or resource.startswith(f"{bucket.arn}/"):
            return parts.title(bucket.logical_id), resource.removeprefix(bucket.arn).lstrip("/")
    for domain in assembly.search_domains:
        if resource.startswith(f"{domain.arn}/"):
            return parts.title(domain.logical_id), resource.removeprefix(f"{domain.arn}/")
    return None
