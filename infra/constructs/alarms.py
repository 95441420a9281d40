"""The topic that every alarm rings."""

from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.config import Config


def alarm_topic(scope: Construct, *, config: Config) -> sns.Topic:
    topic = sns.Topic(scope, "Alarms", enforce_ssl=True)
    if config.alarm_email:
        topic.add_subscription(subscriptions.EmailSubscription(config.alarm_email))
    return topic
