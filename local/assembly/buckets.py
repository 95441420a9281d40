"""Buckets with their notifications, CORS rules and policies."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local.assembly.errors import AssemblyError
from local.assembly.intrinsics import Resolver
from local.assembly.model import Bucket, CorsRule, Notification, Queue
from local.assembly.names import attributes
from local.assembly.policies import statements
from local.assembly.source import Resource
from local.iam.policy import Statement


def buckets(resolver: Resolver, queues: Mapping[str, Queue]) -> dict[str, Bucket]:
    policies = _policies(resolver)
    custom = _custom_notifications(resolver)
    found = {}
    for resource in resolver.source.of_type("AWS::S3::Bucket"):
        names = attributes(resource, resolver.place)
        own = resolver.of(resource, "NotificationConfiguration", {})
        notifications = (*_notifications(own, names["Ref"]), *custom.get(names["Ref"], ()))
        _check_targets(names, notifications, queues)
        found[names["Ref"]] = Bucket(
            name=names["Ref"],
            logical_id=resource.logical_id,
            arn=names["Arn"],
            notifications=notifications,
            cors=tuple(_cors(resource, resolver)),
            versioned=resolver.of(resource, "VersioningConfiguration", {}).get("Status")
            == "Enabled",
            policy=policies.get(names["Ref"], ()),
        )
    return found


def _notifications(configuration: Mapping[str, Any], owner: str) -> Iterator[Notification]:
    """Both spellings: CloudFormation's own and the one of the S3 API (CDK's custom resource)."""
    for key, entries in configuration.items():
        if key != "QueueConfigurations" and entries:
            raise AssemblyError(f"Bucket {owner} uses {key}; only queues are notified locally.")
    for entry in configuration.get("QueueConfigurations", []):
        rules = _rules(entry.get("Filter", {}))
        events = entry.get("Events") or [entry["Event"]]
        arn = entry.get("QueueArn") or entry["Queue"]
        yield Notification(tuple(events), arn, rules.get("prefix", ""), rules.get("suffix", ""))


def _rules(body: Mapping[str, Any]) -> dict[str, str]:
    rules = body.get("S3Key", {}).get("Rules") or body.get("Key", {}).get("FilterRules") or []
    return {rule["Name"].lower(): rule["Value"] for rule in rules}


def _custom_notifications(resolver: Resolver) -> dict[str, tuple[Notification, ...]]:
    found: dict[str, tuple[Notification, ...]] = {}
    for resource in resolver.source.of_type("Custom::S3BucketNotifications"):
        name = resolver.of(resource, "BucketName")
        configuration = resolver.of(resource, "NotificationConfiguration", {})
        found[name] = found.get(name, ()) + tuple(_notifications(configuration, name))
    return found


def _cors(resource: Resource, resolver: Resolver) -> Iterator[CorsRule]:
    for rule in resolver.of(resource, "CorsConfiguration", {}).get("CorsRules", []):
        yield CorsRule(
            origins=tuple(rule.get("AllowedOrigins", ())),
            methods=tuple(rule.get("AllowedMethods", ())),
            headers=tuple(rule.get("AllowedHeaders", ())),
            expose=tuple(rule.get("ExposedHeaders", ())),
            max_age_seconds=rule.get("MaxAge"),
        )


def _policies(resolver: Resolver) -> dict[str, tuple[Statement, ...]]:
    by_bucket: dict[str, tuple[Statement, ...]] = {}
    for resource in resolver.source.of_type("AWS::S3::BucketPolicy"):
        name = resolver.of(resource, "Bucket")
        document = statements(resolver.of(resource, "PolicyDocument"))
        by_bucket[name] = by_bucket.get(name, ()) + document
    return by_bucket


def _check_targets(
    bucket: Mapping[str, str], notifications: Sequence[Notification], queues: Mapping[str, Queue]
) -> None:
    for notification in notifications:
        queue = queues.get(notification.queue_arn)
        if queue is None:
            raise AssemblyError(
                f"Bucket {bucket['Ref']} notifies {notification.queue_arn}, "
                "which is no queue of the assembly."
            )
        if not any(_lets_s3_send(statement) for statement in queue.policy):
            raise AssemblyError(f"Queue {queue.name} does not let S3 send it notifications.")


def _lets_s3_send(statement: Statement) -> bool:
    return (
        statement.effect == "Allow"
        and "Service:s3.amazonaws.com" in statement.principals
        and "sqs:SendMessage" in statement.actions
    )
