"""Log groups are made here, so that each has a retention and none is made by Lambda itself."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import Config

RETENTION = {
    7: logs.RetentionDays.ONE_WEEK,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}


def log_group(scope: Construct, construct_id: str, *, config: Config) -> logs.LogGroup:
    return logs.LogGroup(
        scope,
        construct_id,
        retention=RETENTION[config.log_retention_days],
        removal_policy=removal_policy(config),
    )


def removal_policy(config: Config) -> RemovalPolicy:
    return RemovalPolicy.RETAIN if config.keep_data else RemovalPolicy.DESTROY
