"""Queues and the mappings that feed functions from them."""

from collections.abc import Iterator, Mapping

from local.assembly.errors import AssemblyError
from local.assembly.functions import by_arn
from local.assembly.intrinsics import Resolver
from local.assembly.model import EventSource, Function, Queue
from local.assembly.names import attributes
from local.assembly.policies import statements
from local.assembly.source import Resource
from local.iam.policy import Statement


def queues(resolver: Resolver) -> dict[str, Queue]:
    policies = _policies(resolver)
    found = {}
    for resource in resolver.source.of_type("AWS::SQS::Queue"):
        queue = _queue(resource, resolver, policies)
        found[queue.arn] = queue
    for queue in found.values():
        if queue.dead_letter_arn is not None and queue.dead_letter_arn not in found:
            raise AssemblyError(
                f"Queue {queue.name} has the dead-letter queue {queue.dead_letter_arn}, "
                "which the assembly does not define."
            )
    return found


def event_sources(
    resolver: Resolver, found: Mapping[str, Queue], functions: Mapping[str, Function]
) -> Iterator[EventSource]:
    for resource in resolver.source.of_type("AWS::Lambda::EventSourceMapping"):
        arn = resolver.of(resource, "EventSourceArn")
        if arn not in found:
            raise AssemblyError(
                f"Event source mapping {resource.label} reads {arn}, "
                "which is no queue of the assembly."
            )
        function = by_arn(functions, resolver.of(resource, "FunctionName"), resource.label)
        _check_visibility(found[arn], function)
        scaling = resolver.of(resource, "ScalingConfig", {})
        yield EventSource(
            queue_arn=arn,
            function=function.name,
            batch_size=int(resolver.of(resource, "BatchSize", 10)),
            window_seconds=int(resolver.of(resource, "MaximumBatchingWindowInSeconds", 0)),
            partial_failures="ReportBatchItemFailures"
            in resolver.of(resource, "FunctionResponseTypes", []),
            max_concurrency=scaling.get("MaximumConcurrency"),
            enabled=resolver.of(resource, "Enabled", True) in (True, "true"),
        )


def _queue(
    resource: Resource, resolver: Resolver, policies: Mapping[str, tuple[Statement, ...]]
) -> Queue:
    names = attributes(resource, resolver.place)
    redrive = resolver.of(resource, "RedrivePolicy", {})
    maximum = redrive.get("maxReceiveCount")
    return Queue(
        name=names["QueueName"],
        logical_id=resource.logical_id,
        arn=names["Arn"],
        url=names["Ref"],
        visibility_timeout_seconds=int(resolver.of(resource, "VisibilityTimeout", 30)),
        retention_seconds=int(resolver.of(resource, "MessageRetentionPeriod", 345_600)),
        delay_seconds=int(resolver.of(resource, "DelaySeconds", 0)),
        receive_wait_seconds=int(resolver.of(resource, "ReceiveMessageWaitTimeSeconds", 0)),
        fifo=bool(resolver.of(resource, "FifoQueue", False)),
        dead_letter_arn=redrive.get("deadLetterTargetArn"),
        max_receive_count=None if maximum is None else int(maximum),
        policy=policies.get(names["Ref"], ()),
    )


def _policies(resolver: Resolver) -> dict[str, tuple[Statement, ...]]:
    by_url: dict[str, tuple[Statement, ...]] = {}
    for resource in resolver.source.of_type("AWS::SQS::QueuePolicy"):
        document = statements(resolver.of(resource, "PolicyDocument"))
        for url in resolver.of(resource, "Queues", []):
            by_url[url] = by_url.get(url, ()) + document
    return by_url


def _check_visibility(queue: Queue, function: Function) -> None:
    # Lambda refuses to create such a mapping: the message would come back while it is worked on.
    if queue.visibility_timeout_seconds < function.timeout_seconds:
        raise AssemblyError(
            f"Queue {queue.name} hides a message for {queue.visibility_timeout_seconds} s, "
            f"less than the {function.timeout_seconds} s that {function.name} may take."
        )
