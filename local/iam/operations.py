"""Which IAM actions and resources an AWS operation needs.

Source: the service authorization reference (actions, resources and condition keys per service) and
"Required permissions for Amazon S3 API operations".
"""

from collections.abc import Callable, Iterator, Mapping
from email.utils import parseaddr
from typing import Any

from local.iam.policy import PolicyError, Principal, Request

type Params = Mapping[str, Any]
type Needs = Callable[[Params, Principal], Iterator[Request]]


def needs(service: str, operation: str, params: Params, principal: Principal) -> list[Request]:
    """What the caller must be allowed to do."""
    try:
        find = _OPERATIONS[service][operation]
    except KeyError:
        raise PolicyError(
            f"{principal.name} calls {service}:{operation}, which has no entry in "
            "local/iam/operations.py: add the actions that it needs."
        ) from None
    return list(find(params, principal))


def bucket_arn(params: Params) -> str:
    return f"arn:aws:s3:::{params['Bucket']}"


def object_arn(params: Params) -> str:
    return f"arn:aws:s3:::{params['Bucket']}/{params['Key']}"


def search_request(method: str, path: str, domain_arn: str) -> Request:
    """A request to OpenSearch. `path` may end in a query."""
    action = f"es:ESHttp{method.capitalize()}"
    return Request(action, f"{domain_arn}/{path.partition('?')[0].lstrip('/')}", _CONTEXT)


def _on_object(action: str, versioned: str | None = None) -> Needs:
    def find(params: Params, _: Principal) -> Iterator[Request]:
        chosen = versioned if versioned and params.get("VersionId") else action
        yield Request(f"s3:{chosen}", object_arn(params), _CONTEXT)

    return find


def _on_bucket(action: str) -> Needs:
    def find(params: Params, _: Principal) -> Iterator[Request]:
        keys = {"Prefix": "s3:prefix", "Delimiter": "s3:delimiter"}
        context = {key: params[name] for name, key in keys.items() if name in params}
        yield Request(f"s3:{action}", bucket_arn(params), {**_CONTEXT, **context})

    return find


def _put(params: Params, _: Principal) -> Iterator[Request]:
    extra = {"Tagging": "s3:PutObjectTagging", "ACL": "s3:PutObjectAcl"}
    yield Request("s3:PutObject", object_arn(params), _CONTEXT)
    for name, action in extra.items():
        if params.get(name):
            yield Request(action, object_arn(params), _CONTEXT)


def _copy(params: Params, principal: Principal) -> Iterator[Request]:
    source = params["CopySource"]
    if isinstance(source, str):
        bucket, _, key = source.lstrip("/").partition("/")
        source = {"Bucket": bucket, "Key": key.partition("?")[0]}
    yield from _on_object("GetObject", "GetObjectVersion")(source, principal)
    yield from _put(params, principal)


def _delete_many(params: Params, principal: Principal) -> Iterator[Request]:
    for entry in params["Delete"]["Objects"]:
        one = {"Bucket": params["Bucket"], **entry}
        yield from _on_object("DeleteObject", "DeleteObjectVersion")(one, principal)


def _on_queue(action: str) -> Needs:
    def find(params: Params, principal: Principal) -> Iterator[Request]:
        name = params.get("QueueName") or str(params["QueueUrl"]).rsplit("/", 1)[-1]
        arn = f"arn:aws:sqs:{principal.region}:{principal.account}:{name}"
        yield Request(f"sqs:{action}", arn, _CONTEXT)

    return find


def _on_secret(action: str) -> Needs:
    def find(params: Params, principal: Principal) -> Iterator[Request]:
        secret = str(params["SecretId"])
        if not secret.startswith("arn:"):
            place = f"{principal.region}:{principal.account}"
            secret = f"arn:aws:secretsmanager:{place}:secret:{secret}-??????"
        yield Request(f"secretsmanager:{action}", secret, _CONTEXT)

    return find


def _send_mail(params: Params, principal: Principal) -> Iterator[Request]:
    sender = parseaddr(params["FromEmailAddress"])[1]
    domain = sender.rpartition("@")[2]
    arn = f"arn:aws:ses:{principal.region}:{principal.account}:identity/{domain}"
    yield Request("ses:SendEmail", arn, {**_CONTEXT, "ses:fromaddress": sender})


def _put_events(params: Params, principal: Principal) -> Iterator[Request]:
    place = f"arn:aws:events:{principal.region}:{principal.account}:event-bus"
    for entry in params["Entries"]:
        bus = str(entry.get("EventBusName", "default")).rpartition("/")[2]
        sent = {"events:source": entry["Source"], "events:detail-type": entry["DetailType"]}
        yield Request("events:PutEvents", f"{place}/{bus}", {**_CONTEXT, **sent})


def _nothing(_: Params, __: Principal) -> Iterator[Request]:
    return iter(())


# Deployed, every call goes over TLS; the loopback stands for it.
_CONTEXT = {"aws:securetransport": "true"}

_OPERATIONS: dict[str, dict[str, Needs]] = {
    "s3": {
        "AbortMultipartUpload": _on_object("AbortMultipartUpload"),
        "CompleteMultipartUpload": _on_object("PutObject"),
        "CopyObject": _copy,
        "CreateMultipartUpload": _put,
        "DeleteObject": _on_object("DeleteObject", "DeleteObjectVersion"),
        "DeleteObjects": _delete_many,
        "GetBucketLocation": _on_bucket("GetBucketLocation"),
        "GetObject": _on_object("GetObject", "GetObjectVersion"),
        "GetObjectTagging": _on_object("GetObjectTagging", "GetObjectVersionTagging"),
        "HeadBucket": _on_bucket("ListBucket"),
        "HeadObject": _on_object("GetObject", "GetObjectVersion"),
        "ListObjectVersions": _on_bucket("ListBucketVersions"),
        "ListObjects": _on_bucket("ListBucket"),
        "ListObjectsV2": _on_bucket("ListBucket"),
        "ListParts": _on_object("ListMultipartUploadParts"),
        "PutObject": _put,
        "PutObjectTagging": _on_object("PutObjectTagging", "PutObjectVersionTagging"),
        "UploadPart": _on_object("PutObject"),
        "UploadPartCopy": _copy,
    },
    "sqs": {
        "ChangeMessageVisibility": _on_queue("ChangeMessageVisibility"),
        "ChangeMessageVisibilityBatch": _on_queue("ChangeMessageVisibility"),
        "DeleteMessage": _on_queue("DeleteMessage"),
        "DeleteMessageBatch": _on_queue("DeleteMessage"),
        "GetQueueAttributes": _on_queue("GetQueueAttributes"),
        "GetQueueUrl": _on_queue("GetQueueUrl"),
        "ReceiveMessage": _on_queue("ReceiveMessage"),
        "SendMessage": _on_queue("SendMessage"),
        "SendMessageBatch": _on_queue("SendMessage"),
    },
    "secretsmanager": {
        "DescribeSecret": _on_secret("DescribeSecret"),
        "GetSecretValue": _on_secret("GetSecretValue"),
    },
    "events": {"PutEvents": _put_events},
    # By the domain that SES has verified.
    "sesv2": {"SendEmail": _send_mail},
    "sts": {"GetCallerIdentity": _nothing},  # AWS lets every caller ask who it is
}
