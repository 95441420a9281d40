"""The topic that every alarm rings, and the alarm."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.config import Config


def alarm_topic(scope: Construct, *, config: Config) -> sns.Topic:
    topic = sns.Topic(scope, "Alarms", enforce_ssl=True)
    # A policy of its own replaces the default one, by which CloudWatch could publish.
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        )
    )
    if config.alarm_email:
        topic.add_subscription(subscriptions.EmailSubscription(config.alarm_email))
    return topic


def ring(
    scope: Construct,
    construct_id: str,
    *,
    when: cloudwatch.IMetric,
    reaches: float,
    topic: sns.ITopic,
    description: str,
) -> None:
    """An alarm on a single period; no data is good news."""
    alarm = cloudwatch.Alarm(
        scope,
        construct_id,
        alarm_description=description,
        metric=when,
        threshold=reaches,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    alarm.add_alarm_action(actions.SnsAction(topic))


def ring_in_silence(
    scope: Construct,
    construct_id: str,
    *,
    of: cloudwatch.IMetric,
    topic: sns.ITopic,
    description: str,
) -> None:
    """An alarm where nothing is heard for a period."""
    alarm = cloudwatch.Alarm(
        scope,
        construct_id,
        alarm_description=description,
        metric=of,
        threshold=1,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
    )
    alarm.add_alarm_action(actions.SnsAction(topic))


def measured(name: str, service: str, period: Duration, statistic: str) -> cloudwatch.Metric:
    """What functions measure themselves (djamms.observability)."""
    return cloudwatch.Metric(
        namespace="Djamms",
        metric_name=name,
        dimensions_map={"service": service},
        period=period,
        statistic=statistic,
    )
