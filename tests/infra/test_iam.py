"""Who may do what: the whole of it, so that a grant cannot widen unseen."""

from typing import Any

from tests.infra.assembly import Assembly, Resource, listed

SECRETS = {
    "DATABASE_SECRET_ARN": "DatabaseClusterSecretAttachment",
    "JWT_SECRET_ARN": "SecretsJwt",
    "CDN_KEY_SECRET_ARN": "SecretsCdnKey",
    "ADMIN_SECRET_ARN": "SecretsAdmin",
}
# Beside the secrets that its environment names: action → the end of the resource.
GRANTS: dict[str, dict[str, set[str]]] = {
    "music": {
        "s3:PutObject": {"/uploads/*", "/audio/*", "/images/*"},
        "s3:GetObject": {"/trash/*"},
        "s3:DeleteObject": {"/trash/*", "/uploads/*"},
        "s3:ListBucket": {"eu-central-1"},
    },
    "auth": {"sqs:SendMessage": {"<MailsQueue"}},
    "scheduler": {"sqs:SendMessage": {"<WakesQueue"}},
    "playout": {"events:PutEvents": {"<EventsBus"}, "sqs:SendMessage": {"<WakesQueue"}},
    "mail": {"ses:SendEmail": {":identity/djamms.com"}},
    "playlists": {
        "s3:PutObject": {"/uploads/covers/*"},
        "sqs:SendMessage": {"<IngestQueue"},
    },
    "ingest": {
        "s3:GetObject": {"/uploads/*", "/images/tracks/*"},
        "s3:DeleteObject": {"/uploads/*", "/images/playlists/*"},
        "s3:PutObject": {"/audio/*", "/images/*"},
        "s3:ListBucket": {"eu-central-1"},
    },
    "jobs": {
        "s3:ListBucket": {"eu-central-1"},
        "s3:GetObject": {"/audio/*", "/images/*"},
        "s3:PutObject": {"/trash/*"},
        "s3:DeleteObject": {"/audio/*", "/images/*", "/trash/*"},
        "sqs:SendMessage": {"<IngestQueue"},
    },
}
# Where there is OpenSearch.
ASKS: dict[str, dict[str, set[str]]] = {
    "search": {"Post": {"djamms*/_search", "djamms*/_msearch"}},
    "indexer": {
        "Delete": {"djamms*"},
        "Get": {"djamms*"},
        "Post": {"_aliases", "djamms*"},
        "Put": {"djamms*"},
    },
    "system": {"Get": {"_cluster/health", "_cat/count/*"}},
}
TELLS = {"auth", "music", "playlists", "library", "ingest", "jobs", "indexer", "system"}
# AWS accepts no resource for these (Service Authorization Reference).
WITHOUT_RESOURCE = {
    "ec2:AssignPrivateIpAddresses": "Lambda attaches a function to its VPC",
    "ec2:CreateNetworkInterface": "Lambda attaches a function to its VPC",
    "ec2:DeleteNetworkInterface": "Lambda attaches a function to its VPC",
    "ec2:DescribeNetworkInterfaces": "Lambda attaches a function to its VPC",
    "ec2:DescribeSubnets": "Lambda attaches a function to its VPC",
    "ec2:UnassignPrivateIpAddresses": "Lambda attaches a function to its VPC",
    "xray:PutTelemetryRecords": "traces belong to no resource",
    "xray:PutTraceSegments": "traces belong to no resource",
}


def of_search(name: str, others: dict[str, set[str]]) -> dict[str, set[str]]:
    found = {
        f"es:ESHttp{method}": {f"/{path}" for path in paths}
        for method, paths in ASKS.get(name, {}).items()
    }
    if name in TELLS:
        found["sqs:SendMessage"] = others.get("sqs:SendMessage", set()) | {"<IndexQueue"}
    return found


def policy_statements(assembly: Assembly) -> list[dict[str, Any]]:
    """Of identities; a resource's own policy speaks of that resource alone."""
    documents = [policy.properties["PolicyDocument"] for policy in of_policies(assembly)]
    for role in assembly.of_type("AWS::IAM::Role"):
        documents += [policy["PolicyDocument"] for policy in role.properties.get("Policies", [])]
    return [statement for document in documents for statement in document["Statement"]]


def of_policies(assembly: Assembly) -> list[Resource]:
    return assembly.of_type("AWS::IAM::Policy") + assembly.of_type("AWS::IAM::ManagedPolicy")


def granted(assembly: Assembly, function: Resource) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for statement in assembly.statements(assembly.role(function), platform=False):
        for action in listed(statement["Action"]):
            texts = {assembly.text(resource) for resource in listed(statement["Resource"])}
            found.setdefault(action, set()).update(texts)
    return found


def test_a_star_as_resource_stands_only_where_aws_accepts_no_other(assembly: Assembly) -> None:
    for statement in policy_statements(assembly):
        if "*" in listed(statement["Resource"]):
            assert set(listed(statement["Action"])) <= WITHOUT_RESOURCE.keys()


def test_no_action_is_a_pattern(assembly: Assembly) -> None:
    for statement in policy_statements(assembly):
        assert statement["Effect"] == "Allow"
        assert not [action for action in listed(statement["Action"]) if "*" in action]


def test_every_function_has_a_role_of_its_own(assembly: Assembly) -> None:
    roles = [assembly.role(function).id for function in assembly.functions().values()]

    assert len(set(roles)) == len(roles)
    for role in roles:
        assert "ManagedPolicyArns" not in assembly.resources[role].properties


def test_a_function_may_read_exactly_the_secrets_that_its_environment_names(
    assembly: Assembly,
) -> None:
    for name, function in assembly.functions().items():
        variables = function.properties["Environment"]["Variables"]
        named = {assembly.text(value) for key, value in variables.items() if key in SECRETS}
        assert granted(assembly, function)["secretsmanager:GetSecretValue"] == named, name


def test_a_secret_variable_holds_the_secret_that_it_is_named_for(assembly: Assembly) -> None:
    for function in assembly.functions().values():
        for variable, value in function.properties["Environment"]["Variables"].items():
            if variable in SECRETS:
                found = assembly.target(value)
                assert found, variable
                assert found.id.startswith(SECRETS[variable]), variable


def test_code_may_do_what_the_table_says_and_nothing_else(assembly: Assembly) -> None:
    for name, function in assembly.functions().items():
        found = granted(assembly, function)
        del found["secretsmanager:GetSecretValue"]
        expected = dict(GRANTS.get(name, {}))
        if assembly.config.search:
            expected |= of_search(name, expected)
        assert found.keys() == expected.keys(), name
        for action, ends in expected.items():
            assert len(found[action]) == len(ends), (name, action)
            for end in ends:
                assert any(end in resource for resource in found[action]), (name, action, end)


def test_object_grants_are_for_the_media_bucket(assembly: Assembly) -> None:
    bucket = assembly.target({"Ref": media_bucket(assembly).id})
    assert bucket
    arn = f"arn:aws:s3:::{assembly.text(bucket.properties['BucketName'])}"
    for function in assembly.functions().values():
        for action, resources in granted(assembly, function).items():
            if action.startswith("s3:"):
                assert all(text == arn or text.startswith(f"{arn}/") for text in resources)


def media_bucket(assembly: Assembly) -> Resource:
    [bucket] = [b for b in assembly.of_type("AWS::S3::Bucket") if "BucketName" in b.properties]
    return bucket
