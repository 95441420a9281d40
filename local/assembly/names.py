"""The local physical name, Ref value and attributes of each resource."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.assembly.errors import AssemblyError
from local.assembly.source import Resource


@dataclass(frozen=True, slots=True)
class Local:
    """What this machine puts in the place of an AWS account."""

    emulator_url: str
    overrides: Mapping[str, str] = field(default_factory=dict)  # only where the template names them
    region: str | None = None  # None: what the manifest says, else eu-central-1
    account: str | None = None  # None: what the manifest says, else 000000000000
    root: Path | None = None  # repository; given, handlers and layer builds must exist under it


@dataclass(frozen=True, slots=True)
class Place:
    """Where resources are: a region and an account, and the emulator that queue URLs point at."""

    region: str
    account: str
    emulator_url: str

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


def physical_name(resource: Resource, property_name: str, limit: int = 80) -> str:
    given = resource.properties.get(property_name)
    if isinstance(given, str):
        return given
    return f"{resource.stack}-{resource.logical_id}"[-limit:].lstrip("-")


def bucket_name(resource: Resource) -> str:
    return physical_name(resource, "BucketName", 63).lower()


def queue_name(resource: Resource) -> str:
    name = physical_name(resource, "QueueName", 75)
    fifo = bool(resource.properties.get("FifoQueue")) and not name.endswith(".fifo")
    return f"{name}.fifo" if fifo else name


def queue_url(resource: Resource, place: Place) -> str:
    return f"{place.emulator_url}/{place.account}/{queue_name(resource)}"


def secret_arn(resource: Resource, place: Place) -> str:
    # AWS appends six random characters; here they are stable so that data survives a restart.
    name = physical_name(resource, "Name", 512)
    suffix = hashlib.sha256(f"{resource.stack}/{resource.logical_id}".encode()).hexdigest()[:6]
    return place.arn("secretsmanager", f"secret:{name}-{suffix}")


def public_key_id(resource: Resource) -> str:
    digest = hashlib.sha256(f"{resource.stack}/{resource.logical_id}".encode()).hexdigest()
    return f"K{digest[:13].upper()}"


def _function_arn(resource: Resource, place: Place) -> str:
    return place.arn("lambda", f"function:{physical_name(resource, 'FunctionName', 64)}")


def _bucket(resource: Resource, place: Place) -> dict[str, str]:
    name = bucket_name(resource)
    regional = f"{name}.s3.{place.region}.amazonaws.com"
    return {
        "Ref": name,
        "Arn": f"arn:aws:s3:::{name}",
        "DomainName": f"{name}.s3.amazonaws.com",
        "RegionalDomainName": regional,
    }


def _queue(resource: Resource, place: Place) -> dict[str, str]:
    name, url = queue_name(resource), queue_url(resource, place)
    return {"Ref": url, "QueueUrl": url, "Arn": place.arn("sqs", name), "QueueName": name}


def _secret(resource: Resource, place: Place) -> dict[str, str]:
    arn = secret_arn(resource, place)
    return {"Ref": arn, "Id": arn}


def _function(resource: Resource, place: Place) -> dict[str, str]:
    return {
        "Ref": physical_name(resource, "FunctionName", 64),
        "Arn": _function_arn(resource, place),
    }


def _layer(resource: Resource, place: Place) -> dict[str, str]:
    arn = place.arn("lambda", f"layer:{resource.stack}-{resource.logical_id}:1")
    return {"Ref": arn, "LayerVersionArn": arn}


def _role(resource: Resource, place: Place) -> dict[str, str]:
    name = physical_name(resource, "RoleName", 64)
    arn = f"arn:aws:iam::{place.account}:role/{name}"
    return {"Ref": name, "Arn": arn, "RoleId": f"AROA{name}"}


def _rest_api(resource: Resource, _: Place) -> dict[str, str]:
    root = f"{resource.stack}/{resource.logical_id}"
    return {"Ref": resource.logical_id.lower()[:10], "RestApiId": root, "RootResourceId": root}


def _schedule(resource: Resource, place: Place) -> dict[str, str]:
    name = physical_name(resource, "Name", 64)
    return {"Ref": name, "Arn": place.arn("scheduler", f"schedule/default/{name}")}


def _distribution(resource: Resource, place: Place) -> dict[str, str]:
    arn = f"arn:aws:cloudfront::{place.account}:distribution/{resource.logical_id}"
    return {"Ref": resource.logical_id, "Id": resource.logical_id, "Arn": arn}


def _search_domain(resource: Resource, place: Place) -> dict[str, str]:
    name = physical_name(resource, "DomainName", 28)
    # Functions are told where the local node listens in place of an address made of this.
    endpoint = f"{name}.{place.region}.es.localhost"
    return {"Ref": name, "Arn": place.arn("es", f"domain/{name}"), "DomainEndpoint": endpoint}


def _event_bus(resource: Resource, place: Place) -> dict[str, str]:
    name = physical_name(resource, "Name", 256)
    return {"Ref": name, "Name": name, "Arn": place.arn("events", f"event-bus/{name}")}


def _public_key(resource: Resource, _: Place) -> dict[str, str]:
    return {"Ref": public_key_id(resource), "Id": public_key_id(resource)}


def _stage(resource: Resource, _: Place) -> dict[str, str]:
    return {"Ref": str(resource.properties.get("StageName", "prod"))}


def _other(resource: Resource, place: Place) -> dict[str, str]:
    service = resource.type.split("::")[1].lower() if "::" in resource.type else "custom"
    unique = f"{resource.stack}/{resource.logical_id}"
    return {"Ref": unique, "Id": unique, "Arn": place.arn(service, resource.logical_id)}


_BY_TYPE: dict[str, Callable[[Resource, Place], dict[str, str]]] = {
    "AWS::S3::Bucket": _bucket,
    "AWS::SQS::Queue": _queue,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::Lambda::Function": _function,
    "AWS::Lambda::LayerVersion": _layer,
    "AWS::IAM::Role": _role,
    "AWS::ApiGateway::RestApi": _rest_api,
    "AWS::ApiGateway::Stage": _stage,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::CloudFront::Distribution": _distribution,
    "AWS::OpenSearchService::Domain": _search_domain,
    "AWS::CloudFront::PublicKey": _public_key,
    "AWS::Events::EventBus": _event_bus,
}


def attributes(resource: Resource, place: Place) -> dict[str, str]:
    """`Ref` and the attributes that have a local value."""
    return _BY_TYPE.get(resource.type, _other)(resource, place)


def attribute(resource: Resource, name: str, place: Place) -> Any:
    try:
        return attributes(resource, place)[name]
    except KeyError:
        raise AssemblyError(
            f"{name} of {resource.label} has no value on one machine, and something needs it."
        ) from None
