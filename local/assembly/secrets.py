"""Secrets and how their values are generated."""

from collections.abc import Mapping
from typing import Any

from local.assembly.intrinsics import Resolver
from local.assembly.model import Secret, SecretSpec
from local.assembly.names import physical_name, secret_arn


def secrets(resolver: Resolver) -> dict[str, Secret]:
    attached = {
        resolver.of(resource, "SecretId"): str(resolver.of(resource, "TargetType"))
        for resource in resolver.source.of_type("AWS::SecretsManager::SecretTargetAttachment")
    }
    found = {}
    for resource in resolver.source.of_type("AWS::SecretsManager::Secret"):
        arn = secret_arn(resource, resolver.place)
        spec = resolver.of(resource, "GenerateSecretString")
        found[arn] = Secret(
            name=physical_name(resource, "Name", 512),
            logical_id=resource.logical_id,
            arn=arn,
            path=resource.path,
            description=resolver.of(resource, "Description", ""),
            spec=None if spec is None else _spec(spec),
            value=resolver.of(resource, "SecretString"),
            attached_to=attached.get(arn),
        )
    return found


def _spec(body: Mapping[str, Any]) -> SecretSpec:
    return SecretSpec(
        template=body.get("SecretStringTemplate"),
        key=body.get("GenerateStringKey"),
        length=int(body.get("PasswordLength", 32)),
        exclude_characters=body.get("ExcludeCharacters", ""),
        exclude_punctuation=bool(body.get("ExcludePunctuation", False)),
        exclude_uppercase=bool(body.get("ExcludeUppercase", False)),
        exclude_lowercase=bool(body.get("ExcludeLowercase", False)),
        exclude_numbers=bool(body.get("ExcludeNumbers", False)),
        include_space=bool(body.get("IncludeSpace", False)),
    )
