"""The picture, in Mermaid's words (https://mermaid.js.org/syntax/flowchart.html).

Functions with the same triggers that reach the same things are one node: it stays legible.
"""

from collections import defaultdict
from collections.abc import Iterator

from local.assembly import Assembly, Function
from local.diagram import parts

type Edges = tuple[str, ...]
type Groups = list[tuple[list[Function], Edges]]

CALLER, DATABASE = "caller", "database"
SHAPES = {
    "caller": "([{}])",
    "api": "{{{{{}}}}}",
    "function": "[{}]",
    "queue": "[[{}]]",
    "store": "[({})]",
    "clock": "([{}])",
    "cdn": "{{{{{}}}}}",
}


def picture(assembly: Assembly) -> str:
    groups = list(_groups(assembly))
    edges = [edge for functions, reached in groups for edge in reached]
    lines = [*_ways_in(assembly, groups), *edges, *_between(assembly)]
    nodes = [line for name, line in _nodes(assembly, groups).items() if _is_used(name, lines)]
    return "\n".join(["flowchart LR", *(f"  {line}" for line in (*nodes, *lines))])


def _groups(assembly: Assembly) -> Iterator[tuple[list[Function], Edges]]:
    """Functions that are called and reach alike, with the edges that lead away from them."""
    alike: dict[tuple[str, tuple[str, ...]], list[Function]] = defaultdict(list)
    for function in assembly.functions.values():
        reached = tuple(_reached(assembly, function))
        alike[_trigger(assembly, function), reached].append(function)
    for (_, reached), functions in alike.items():
        name = functions[0].logical_id
        yield functions, tuple(f"{name} {arrow}" for arrow in reached)


def _trigger(assembly: Assembly, function: Function) -> str:
    others = [source.function for source in assembly.event_sources]
    others += [schedule.function for schedule in assembly.schedules]
    is_of_api = parts.routes_of(assembly, function) and function.name not in others
    return "api" if is_of_api else function.name


def _reached(assembly: Assembly, function: Function) -> Iterator[str]:
    """The edges away from a function, without its own name."""
    if parts.databases_of(assembly, function):
        yield f"--> {DATABASE}"
    for bucket in assembly.buckets.values():
        if verbs := parts.object_verbs(bucket, function):
            yield f"-->|{verbs}| {bucket.logical_id}"
    for domain in assembly.search_domains:
        if verbs := parts.search_verbs(domain, function):
            yield f"-->|{verbs}| {domain.logical_id}"
    for bus in parts.publishes_to(assembly, function):
        yield f"-->|tells| {bus.logical_id}"
    dead = parts.dead_letter_arns(assembly)
    for arn in parts.sends_to(assembly, function):
        kind = "-.->|failed| " if arn in dead else "-->|sends| "
        yield kind + assembly.queues[arn].logical_id


def _ways_in(assembly: Assembly, groups: Groups) -> Iterator[str]:
    """From callers and clocks to functions."""
    for functions, _ in groups:
        if parts.routes_of(assembly, functions[0]):
            yield f"api --> {functions[0].logical_id}"
    if assembly.apis:
        yield f"{CALLER} -->|requests| api"
    for bucket in assembly.buckets.values():
        if any("POST" in rule.methods for rule in bucket.cors):
            yield f"{CALLER} -->|presigned POST| {bucket.logical_id}"
    for distribution in assembly.distributions:
        signed = any(behaviour.signed for behaviour in distribution.behaviours)
        yield f"{CALLER} -->|{'signed GET' if signed else 'GET'}| {distribution.logical_id}"
    for name in dict.fromkeys(schedule.function for schedule in assembly.schedules):
        yield f"{_clock(name)} --> {assembly.functions[name].logical_id}"


def _between(assembly: Assembly) -> Iterator[str]:
    """From buckets, the CDN, queues and clocks onward."""
    for bucket in assembly.buckets.values():
        for sent in bucket.notifications:
            what = f"new in {sent.prefix}" if sent.prefix else "new object"
            yield f"{bucket.logical_id} -->|{what}| {assembly.queues[sent.queue_arn].logical_id}"
    for distribution in assembly.distributions:
        origin = assembly.buckets[distribution.origin_bucket]
        yield f"{distribution.logical_id} --> {origin.logical_id}"
    for source in assembly.event_sources:
        queue, function = assembly.queues[source.queue_arn], assembly.functions[source.function]
        yield f"{queue.logical_id} -->|up to {source.batch_size}| {function.logical_id}"
    yield from _failures(assembly)


def _failures(assembly: Assembly) -> Iterator[str]:
    for queue in assembly.queues.values():
        if queue.dead_letter_arn:
            dead = assembly.queues[queue.dead_letter_arn].logical_id
            yield f"{queue.logical_id} -.->|{queue.max_receive_count} failures| {dead}"
    ends = {(s.function, s.dead_letter_arn): None for s in assembly.schedules if s.dead_letter_arn}
    for function, arn in ends:
        yield f"{_clock(function)} -.->|not delivered| {assembly.queues[arn].logical_id}"


def _nodes(assembly: Assembly, groups: Groups) -> dict[str, str]:
    """Name → line, for everything that an edge may name."""
    databases = {
        kind
        for function in assembly.functions.values()
        for kind in parts.databases_of(assembly, function)
    }
    found = {CALLER: _node(CALLER, "caller", "browser or player")}
    for api in assembly.apis:
        found["api"] = _node("api", "api", f"REST API {api.name}")
    for functions, _ in groups:
        name = functions[0].logical_id
        found[name] = _node(name, "function", _beside([f.name for f in functions]))
    for schedule in assembly.schedules:
        clock = _clock(schedule.function)
        found[clock] = _node(clock, "clock", _plan(assembly, schedule.function))
    for queue in assembly.queues.values():
        found[queue.logical_id] = _node(queue.logical_id, "queue", parts.title(queue.logical_id))
    for bucket in assembly.buckets.values():
        found[bucket.logical_id] = _node(bucket.logical_id, "store", parts.title(bucket.logical_id))
    for kind in sorted(databases):
        found[DATABASE] = _node(DATABASE, "store", f"database<br/>{kind.removeprefix('AWS::')}")
    for one in assembly.distributions:
        found[one.logical_id] = _node(one.logical_id, "cdn", parts.title(one.logical_id))
    return found | _search_nodes(assembly) | _buses(assembly)


def _search_nodes(assembly: Assembly) -> dict[str, str]:
    return {
        domain.logical_id: _node(domain.logical_id, "store", f"OpenSearch {domain.name}")
        for domain in assembly.search_domains
    }


def _buses(assembly: Assembly) -> dict[str, str]:
    return {
        bus.logical_id: _node(bus.logical_id, "queue", f"event bus {bus.name}")
        for bus in assembly.event_buses
    }


def _node(name: str, shape: str, label: str) -> str:
    return name + SHAPES[shape].format(f'"{label}"')


def _beside(names: list[str]) -> str:
    """Three in a row."""
    rows = [names[start : start + 3] for start in range(0, len(names), 3)]
    return "<br/>".join(" · ".join(row) for row in rows)


def _plan(assembly: Assembly, function: str) -> str:
    mine = [schedule for schedule in assembly.schedules if schedule.function == function]
    return "<br/>".join(f"{parts.job(one)}: {one.expression}" for one in mine)


def _clock(function: str) -> str:
    return f"{function}_clock"


def _is_used(name: str, lines: list[str]) -> bool:
    return any(name in (line.split()[0], line.split()[-1]) for line in lines)
