"""A function's role, with what the Lambda service itself does in its name.

These statements are an inline policy called `platform`; what the code does is another policy, so
that a test can tell which grants a function must be seen to use.
"""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.queue import DeadLetters
from infra.nag import acknowledge

PLATFORM = "platform"
# None of these accepts a resource: https://docs.aws.amazon.com/service-authorization/latest/reference/
NETWORK_ACTIONS = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]
TRACE_ACTIONS = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
POLL_ACTIONS = [
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
]


def platform_role(
    scope: Construct,
    *,
    log: logs.LogGroup,
    consumes: sqs.IQueue | None,
    dead_letters: DeadLetters | None,
) -> iam.Role:
    statements = [
        _allow(["logs:CreateLogStream", "logs:PutLogEvents"], log.log_group_arn),
        _allow(NETWORK_ACTIONS, "*"),
        _allow(TRACE_ACTIONS, "*"),
    ]
    if consumes:
        statements.append(_allow(POLL_ACTIONS, consumes.queue_arn))
    if dead_letters:
        statements.append(_allow(["sqs:SendMessage"], dead_letters.queue.queue_arn))
    role = iam.Role(
        scope,
        "Role",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        inline_policies={PLATFORM: iam.PolicyDocument(statements=statements)},
    )
    acknowledge(
        role,
        {
            "AwsSolutions-IAM5[Resource::*]": "Lambda attaches functions to a VPC and X-Ray takes "
            "traces by actions that accept no resource.",
        },
    )
    return role


def _allow(actions: list[str], resource: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=actions, resources=[resource])
