"""CloudFront distributions: which paths need a signature, and what they may read."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.assembly.errors import AssemblyError
from local.assembly.intrinsics import Resolver
from local.assembly.model import Behaviour, Bucket, Distribution
from local.assembly.names import attribute, public_key_id
from local.assembly.source import Resource
from local.iam.policy import Statement

_CLOUDFRONT = "Service:cloudfront.amazonaws.com"


def distributions(resolver: Resolver, buckets: Mapping[str, Bucket]) -> Iterator[Distribution]:
    keys = {
        public_key_id(resource): resolver.of(resource, "PublicKeyConfig")["EncodedKey"]
        for resource in resolver.source.of_type("AWS::CloudFront::PublicKey")
    }
    for resource in resolver.source.of_type("AWS::CloudFront::Distribution"):
        config = resolver.of(resource, "DistributionConfig")
        bucket = _origin(config, buckets, resource)
        arn = attribute(resource, "Arn", resolver.place)
        yield Distribution(
            logical_id=resource.logical_id,
            arn=arn,
            origin_bucket=bucket.name,
            behaviours=tuple(_behaviours(config, _groups(resolver))),
            public_keys=keys,
            readable=tuple(_readable(bucket.policy, arn)),
        )


def _groups(resolver: Resolver) -> dict[str, frozenset[str]]:
    return {
        attribute(resource, "Ref", resolver.place): frozenset(
            resolver.of(resource, "KeyGroupConfig")["Items"]
        )
        for resource in resolver.source.of_type("AWS::CloudFront::KeyGroup")
    }


def _origin(config: Mapping[str, Any], buckets: Mapping[str, Bucket], resource: Resource) -> Bucket:
    domains = [origin["DomainName"] for origin in config.get("Origins", [])]
    for domain in domains:
        name = domain.split(".s3.")[0]
        if len(domains) == 1 and name in buckets:
            return buckets[name]
    raise AssemblyError(
        f"Distribution {resource.label} has the origins {domains}; one bucket is needed."
    )


def _behaviours(
    config: Mapping[str, Any], groups: Mapping[str, frozenset[str]]
) -> Iterator[Behaviour]:
    default = {**config["DefaultCacheBehavior"], "PathPattern": "*"}
    for body in (*config.get("CacheBehaviors", []), default):
        trusted = [groups[group] for group in body.get("TrustedKeyGroups", [])]
        yield Behaviour(
            pattern=body["PathPattern"],
            signed=bool(trusted),
            key_ids=frozenset[str]().union(*trusted),
            methods=tuple(body.get("AllowedMethods", ("GET", "HEAD"))),
            compress=bool(body.get("Compress", False)),
        )


def _readable(policy: tuple[Statement, ...], distribution_arn: str) -> Iterator[str]:
    """Object patterns that the bucket lets this distribution read."""
    for statement in policy:
        if statement.effect != "Allow" or _CLOUDFRONT not in statement.principals:
            continue
        sources = [
            arn
            for pairs in statement.conditions.values()
            for key, arns in pairs.items()
            if key.lower() == "aws:sourcearn"
            for arn in arns
        ]
        if "s3:GetObject" in statement.actions and distribution_arn in sources:
            yield from statement.resources
