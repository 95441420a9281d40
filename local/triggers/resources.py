"""Make the assembly's buckets, queues, buses and mail domains in the emulator.

Everything may be there already: what is kept is given the template's settings again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from local.assembly import Assembly, Bucket, EventBus, Queue, Statement
from local.services.aws import Aws

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CORSRuleTypeDef, NotificationConfigurationTypeDef
    from mypy_boto3_sqs.literals import QueueAttributeNameType

    type QueueAttributes = dict[QueueAttributeNameType, str]


def make_resources(assembly: Assembly, aws: Aws, *, origins: Sequence[str]) -> None:
    """Browsers may upload from `origins` where the template lets any origin upload."""
    # A queue can only name a dead-letter queue that exists, a bucket only a queue that does.
    for queue in sorted(assembly.queues.values(), key=lambda queue: bool(queue.dead_letter_arn)):
        make_queue(queue, aws)
    for bucket in assembly.buckets.values():
        make_bucket(with_origins(bucket, origins), aws)
    for bus in assembly.event_buses:
        make_bus(bus, aws)
    for domain in sorted(senders(assembly)):
        aws.ses.create_email_identity(EmailIdentity=domain)


def make_bus(bus: EventBus, aws: Aws) -> None:
    with suppress(aws.events.exceptions.ResourceAlreadyExistsException):
        aws.events.create_event_bus(Name=bus.name)


def senders(assembly: Assembly) -> set[str]:
    """The domains that functions send mail from, which a person has verified on AWS."""
    stated = (one.environment.get("MAIL_FROM", "") for one in assembly.functions.values())
    return {parseaddr(sender)[1].rpartition("@")[2] for sender in stated if sender}


def make_queue(queue: Queue, aws: Aws) -> None:
    fifo: QueueAttributes = {"FifoQueue": "true"} if queue.fifo else {}
    aws.sqs.create_queue(QueueName=queue.name, Attributes=fifo)
    attributes: QueueAttributes = {
        "VisibilityTimeout": str(queue.visibility_timeout_seconds),
        "MessageRetentionPeriod": str(queue.retention_seconds),
        "DelaySeconds": str(queue.delay_seconds),
        "ReceiveMessageWaitTimeSeconds": str(queue.receive_wait_seconds),
        "Policy": queue_policy(queue),
    }
    if queue.dead_letter_arn:
        redrive = {"deadLetterTargetArn": queue.dead_letter_arn}
        redrive["maxReceiveCount"] = str(queue.max_receive_count)
        attributes["RedrivePolicy"] = json.dumps(redrive)
    aws.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes=attributes)


def queue_policy(queue: Queue) -> str:
    """Who may send. Denials are left out: they ask for TLS, which one machine does without."""
    allowed = [document(one) for one in queue.policy if one.effect == "Allow"]
    return json.dumps({"Version": "2012-10-17", "Statement": allowed}) if allowed else ""


def document(statement: Statement) -> dict[str, Any]:
    principals: dict[str, list[str]] = {}
    for principal in statement.principals:
        kind, _, name = principal.partition(":")
        principals.setdefault(kind, []).append(name)
    return {
        "Effect": statement.effect,
        "Principal": principals,
        "Action": list(statement.actions),
        "Resource": list(statement.resources),
        "Condition": {
            operator: {key: list(values) for key, values in pairs.items()}
            for operator, pairs in statement.conditions.items()
        },
    }


def make_bucket(bucket: Bucket, aws: Aws) -> None:
    owned = (aws.s3.exceptions.BucketAlreadyOwnedByYou, aws.s3.exceptions.BucketAlreadyExists)
    try:
        if aws.region == "us-east-1":
            aws.s3.create_bucket(Bucket=bucket.name)
        else:
            place: Any = {"LocationConstraint": aws.region}
            aws.s3.create_bucket(Bucket=bucket.name, CreateBucketConfiguration=place)
    except owned:
        pass  # kept from the last run, its objects included
    if bucket.versioned:
        status: Any = {"Status": "Enabled"}
        aws.s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration=status)
    if bucket.cors:
        rules = list(cors_rules(bucket))
        aws.s3.put_bucket_cors(Bucket=bucket.name, CORSConfiguration={"CORSRules": rules})
    else:
        aws.s3.delete_bucket_cors(Bucket=bucket.name)
    make_notifications(bucket, aws)


def make_notifications(bucket: Bucket, aws: Aws) -> None:
    """Only what is new: S3 sends each queue a test event, which would start the function."""
    wanted = notifications(bucket)
    found = aws.s3.get_bucket_notification_configuration(Bucket=bucket.name)
    known = [_without_id(entry) for entry in found.get("QueueConfigurations", [])]
    if known != wanted["QueueConfigurations"]:
        aws.s3.put_bucket_notification_configuration(
            Bucket=bucket.name, NotificationConfiguration=wanted
        )


def _without_id(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "Id"}


def with_origins(bucket: Bucket, origins: Sequence[str]) -> Bucket:
    return replace(
        bucket, cors=tuple(replace(rule, origins=tuple(origins)) for rule in bucket.cors)
    )


def cors_rules(bucket: Bucket) -> "Iterable[CORSRuleTypeDef]":
    for rule in bucket.cors:
        found: CORSRuleTypeDef = {
            "AllowedOrigins": list(rule.origins),
            "AllowedMethods": list(rule.methods),
            "AllowedHeaders": list(rule.headers),
            "ExposeHeaders": list(rule.expose),
        }
        if rule.max_age_seconds is not None:
            found["MaxAgeSeconds"] = rule.max_age_seconds
        yield found


def notifications(bucket: Bucket) -> "NotificationConfigurationTypeDef":
    entries: list[Any] = []
    for one in bucket.notifications:
        names = (("prefix", one.prefix), ("suffix", one.suffix))
        rules = [{"Name": name, "Value": value} for name, value in names if value]
        target = {"QueueArn": one.queue_arn, "Events": list(one.events)}
        entries.append({**target, "Filter": {"Key": {"FilterRules": rules}}})
    return {"QueueConfigurations": entries}
