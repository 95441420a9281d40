"""What each AWS operation needs."""

from typing import Any

import pytest

from local.iam.operations import needs
from local.iam.policy import PolicyError, Principal, Role

PRINCIPAL = Principal("ingest", Role("arn:aws:iam::1:role/r", ()), "eu-central-1", "1")
KEY = {"Bucket": "b", "Key": "k"}
OBJECT = "arn:aws:s3:::b/k"
TOLD = {"Source": "s", "DetailType": "d", "Detail": "{}"}
QUEUE = {"QueueUrl": "http://127.0.0.1:4566/1/ingest"}


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        ("s3", "GetObject", KEY, [("s3:GetObject", OBJECT)]),
        ("s3", "HeadObject", KEY, [("s3:GetObject", OBJECT)]),
        ("s3", "GetObject", {**KEY, "VersionId": "1"}, [("s3:GetObjectVersion", OBJECT)]),
        ("s3", "UploadPart", KEY, [("s3:PutObject", OBJECT)]),
        (
            "s3",
            "PutObject",
            {**KEY, "Tagging": "a=b"},
            [("s3:PutObject", OBJECT), ("s3:PutObjectTagging", OBJECT)],
        ),
        (
            "s3",
            "CopyObject",
            {**KEY, "CopySource": {"Bucket": "a", "Key": "x"}},
            [("s3:GetObject", "arn:aws:s3:::a/x"), ("s3:PutObject", OBJECT)],
        ),
        (
            "s3",
            "CopyObject",
            {**KEY, "CopySource": "a/x/y"},
            [("s3:GetObject", "arn:aws:s3:::a/x/y"), ("s3:PutObject", OBJECT)],
        ),
        ("s3", "ListObjectsV2", {"Bucket": "b"}, [("s3:ListBucket", "arn:aws:s3:::b")]),
        (
            "s3",
            "DeleteObjects",
            {"Bucket": "b", "Delete": {"Objects": [{"Key": "k"}, {"Key": "l"}]}},
            [("s3:DeleteObject", OBJECT), ("s3:DeleteObject", "arn:aws:s3:::b/l")],
        ),
        (
            "sqs",
            "SendMessageBatch",
            QUEUE,
            [("sqs:SendMessage", "arn:aws:sqs:eu-central-1:1:ingest")],
        ),
        (
            "events",
            "PutEvents",
            {"Entries": [TOLD | {"EventBusName": "b"}, TOLD]},
            [
                ("events:PutEvents", "arn:aws:events:eu-central-1:1:event-bus/b"),
                ("events:PutEvents", "arn:aws:events:eu-central-1:1:event-bus/default"),
            ],
        ),
        ("sts", "GetCallerIdentity", {}, []),
    ],
)
def test_needs(service: str, operation: str, params: dict[str, Any], expected: list[Any]) -> None:
    found = needs(service, operation, params, PRINCIPAL)

    assert [(request.action, request.resource) for request in found] == expected


def test_listing_carries_its_prefix() -> None:
    request = needs("s3", "ListObjectsV2", {"Bucket": "b", "Prefix": "uploads/"}, PRINCIPAL)[0]

    assert request.context["s3:prefix"] == "uploads/"


def test_an_operation_that_is_not_mapped_is_an_error_that_names_it() -> None:
    with pytest.raises(PolicyError, match="ingest calls s3:PutBucketPolicy"):
        needs("s3", "PutBucketPolicy", {"Bucket": "b"}, PRINCIPAL)
