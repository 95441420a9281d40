"""Small cloud assemblies for tests, in the form that CDK writes them."""

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from local.assembly import Assembly, Local, load_assembly

type Template = dict[str, Any]

EMULATOR = "http://127.0.0.1:4566"
URI_HEAD = ["arn:", {"Ref": "AWS::Partition"}, ":apigateway:", {"Ref": "AWS::Region"}]
EXTENSION = (
    "arn:aws:lambda:eu-central-1:187925254637:layer:AWS-Parameters-and-Secrets-Lambda-Extension:11"
)


def get(logical_id: str, attribute: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, attribute]}


def join(*parts: Any) -> dict[str, Any]:
    return {"Fn::Join": ["", list(parts)]}


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def allow(actions: str | list[str], resources: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def policy(role: str, *statements: Mapping[str, Any]) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return resource("AWS::IAM::Policy", PolicyDocument=document, Roles=[{"Ref": role}])


def layer(recipe: str) -> dict[str, Any]:
    body = resource("AWS::Lambda::LayerVersion", Content={"S3Bucket": "b", "S3Key": "k.zip"})
    return {**body, "Metadata": {"djamms:recipe": recipe}}


def function(name: str, **properties: Any) -> dict[str, Any]:
    given = {
        "Handler": f"functions.{name}.handler.handler",
        "Role": get("Role", "Arn"),
        "Timeout": 3,
        "MemorySize": 256,
        "Layers": [{"Ref": "Base"}, EXTENSION],
        **properties,
    }
    return resource("AWS::Lambda::Function", **given)


def method(resource_id: Any, target: str, verb: str = "ANY", **integration: Any) -> dict[str, Any]:
    path = ":lambda:path/2015-03-31/functions/"
    uri = join(*URI_HEAD, path, get(target, "Arn"), "/invocations")
    body = {"Type": "AWS_PROXY", "Uri": uri, **integration}
    return resource(
        "AWS::ApiGateway::Method",
        RestApiId={"Ref": "Api"},
        ResourceId=resource_id,
        HttpMethod=verb,
        Integration=body,
    )


def path_part(parent: Any, part: str) -> dict[str, Any]:
    return resource(
        "AWS::ApiGateway::Resource", RestApiId={"Ref": "Api"}, ParentId=parent, PathPart=part
    )


def sample() -> Template:
    """An API, a function, a queue fed by a bucket, a schedule, a secret and a distribution."""
    return {"Resources": {**_functions(), **_api(), **_storage(), **_schedule(), **_cdn()}}


def _functions() -> dict[str, Any]:
    environment = {
        "AWS_S3_BUCKET": {"Ref": "Media"},
        "INGEST_QUEUE_URL": {"Ref": "Ingest"},
        "JWT_SECRET_ARN": {"Ref": "Jwt"},
        "API_BASE_URL": "https://api.example.com/api",
    }
    queue_reads = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    return {
        "Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument={}),
        "RolePolicy": policy(
            "Role",
            allow("secretsmanager:GetSecretValue", {"Ref": "Jwt"}),
            allow(queue_reads, get("Ingest", "Arn")),
            allow("s3:GetObject", join(get("Media", "Arn"), "/uploads/*")),
        ),
        "Base": layer("base"),
        "Jwt": resource("AWS::SecretsManager::Secret", GenerateSecretString={"PasswordLength": 64}),
        "Probe": function("probe", Environment={"Variables": environment}),
    }


def _api() -> dict[str, Any]:
    message, request = "$context.error.messageString", '"$context.requestId"'
    body = f'{{"error":"gateway","message":{message},"requestId":{request}}}'
    return {
        "Api": resource("AWS::ApiGateway::RestApi", Name="api", MinimumCompressionSize=1024),
        "ApiPath": path_part(get("Api", "RootResourceId"), "api"),
        "ProbePath": path_part({"Ref": "ApiPath"}, "probe"),
        "ProbeProxy": path_part({"Ref": "ProbePath"}, "{proxy+}"),
        "ProbeMethod": method({"Ref": "ProbePath"}, "Probe"),
        "ProbeProxyMethod": method({"Ref": "ProbeProxy"}, "Probe"),
        "ProbePermission": resource(
            "AWS::Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName=get("Probe", "Arn"),
            Principal="apigateway.amazonaws.com",
        ),
        **{
            f"Gateway{kind}": resource(
                "AWS::ApiGateway::GatewayResponse",
                RestApiId={"Ref": "Api"},
                ResponseType=f"DEFAULT_{kind}",
                ResponseParameters={"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
                ResponseTemplates={"application/json": body},
            )
            for kind in ("4XX", "5XX")
        },
    }


def _storage() -> dict[str, Any]:
    send = allow("sqs:SendMessage", get("Ingest", "Arn"), Principal={"Service": "s3.amazonaws.com"})
    rules = [{"Name": "prefix", "Value": "uploads/"}]
    notification = {"Event": "s3:ObjectCreated:*", "Queue": get("Ingest", "Arn")}
    redrive = {"deadLetterTargetArn": get("Dead", "Arn"), "maxReceiveCount": 3}
    return {
        "Dead": resource("AWS::SQS::Queue"),
        "Ingest": resource("AWS::SQS::Queue", VisibilityTimeout=18, RedrivePolicy=redrive),
        "IngestPolicy": resource(
            "AWS::SQS::QueuePolicy",
            Queues=[{"Ref": "Ingest"}],
            PolicyDocument={"Statement": [send]},
        ),
        "Media": resource(
            "AWS::S3::Bucket",
            BucketName=join("media-", {"Ref": "AWS::AccountId"}),
            NotificationConfiguration={
                "QueueConfigurations": [{**notification, "Filter": {"S3Key": {"Rules": rules}}}]
            },
        ),
        "Mapping": resource(
            "AWS::Lambda::EventSourceMapping",
            EventSourceArn=get("Ingest", "Arn"),
            FunctionName={"Ref": "Probe"},
            BatchSize=5,
            FunctionResponseTypes=["ReportBatchItemFailures"],
        ),
    }


def _schedule() -> dict[str, Any]:
    return {
        "TickRole": resource("AWS::IAM::Role", AssumeRolePolicyDocument={}),
        "TickPolicy": policy("TickRole", allow("lambda:InvokeFunction", get("Probe", "Arn"))),
        "Tick": resource(
            "AWS::Scheduler::Schedule",
            ScheduleExpression="rate(5 minutes)",
            ScheduleExpressionTimezone="Europe/Berlin",
            Target={
                "Arn": get("Probe", "Arn"),
                "RoleArn": get("TickRole", "Arn"),
                "Input": '{"job":"tick"}',
                "DeadLetterConfig": {"Arn": get("Dead", "Arn")},
                "RetryPolicy": {"MaximumRetryAttempts": 2},
            },
        ),
    }


def _cdn() -> dict[str, Any]:
    source = join(
        "arn:aws:cloudfront::", {"Ref": "AWS::AccountId"}, ":distribution/", {"Ref": "Cdn"}
    )
    objects = [join(get("Media", "Arn"), pattern) for pattern in ("/audio/*", "/images/*")]
    read = allow(
        "s3:GetObject",
        objects,
        Principal={"Service": "cloudfront.amazonaws.com"},
        Condition={"StringEquals": {"AWS:SourceArn": source}},
    )
    signed = {"TargetOriginId": "media", "TrustedKeyGroups": [{"Ref": "KeyGroup"}]}
    config = {
        "Origins": [{"Id": "media", "DomainName": get("Media", "RegionalDomainName")}],
        "DefaultCacheBehavior": signed,
        "CacheBehaviors": [{"PathPattern": "/images/*", "TargetOriginId": "media"}],
    }
    return {
        "Key": resource("AWS::CloudFront::PublicKey", PublicKeyConfig={"EncodedKey": "PEM"}),
        "KeyGroup": resource(
            "AWS::CloudFront::KeyGroup", KeyGroupConfig={"Items": [{"Ref": "Key"}]}
        ),
        "Cdn": resource("AWS::CloudFront::Distribution", DistributionConfig=config),
        "MediaPolicy": resource(
            "AWS::S3::BucketPolicy", Bucket={"Ref": "Media"}, PolicyDocument={"Statement": [read]}
        ),
    }


def write(folder: Path, stacks: Mapping[str, Template]) -> Path:
    """cdk.out with these stacks."""
    artifacts = {}
    folder.mkdir(parents=True, exist_ok=True)
    for name, template in stacks.items():
        (folder / f"{name}.template.json").write_text(json.dumps(template))
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/eu-central-1",
            "properties": {"templateFile": f"{name}.template.json"},
        }
    manifest = {"version": "50.0.0", "artifacts": artifacts}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def load(folder: Path, template: Template, **local: Any) -> Assembly:
    """The template as the one stack `app`, read."""
    write(folder, {"app": template})
    return load_assembly(folder, Local(EMULATOR, **local))


def without(template: Template, *path: str) -> Template:
    """A copy with one key left out."""
    copy = deepcopy(template)
    inner = copy["Resources"]
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return copy


def having(template: Template, value: Any, *path: str) -> Template:
    """A copy with one key set."""
    copy = deepcopy(template)
    inner = copy["Resources"]
    for key in path[:-1]:
        inner = inner.setdefault(key, {})
    inner[path[-1]] = value
    return copy
