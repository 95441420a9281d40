"""A queue that cannot be made without its dead-letter queue, its alarm and TLS."""

from aws_cdk import Duration
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.alarms import ring
from infra.nag import acknowledge

MAX_RECEIVES = 5
# AWS advises six times the timeout of the function: a throttled batch must not reappear early.
VISIBILITY_RATIO = 6
LATE_SECONDS = 30 * 60


class DeadLetters(Construct):
    """Where messages end that nobody could handle. One message there rings the alarm."""

    def __init__(self, scope: Construct, construct_id: str, *, alarms: sns.ITopic) -> None:
        super().__init__(scope, construct_id)
        self.queue = sqs.Queue(self, "Queue", enforce_ssl=True, retention_period=Duration.days(14))
        ring(
            self,
            "NotEmpty",
            when=self.queue.metric_approximate_number_of_messages_visible(
                period=Duration.minutes(1), statistic="Maximum"
            ),
            reaches=1,
            topic=alarms,
            description="Messages failed for good and wait to be read and sent again.",
        )
        acknowledge(self, {"AwsSolutions-SQS3": "This is the dead-letter queue itself."})


class WorkQueue(Construct):
    """`consumer_timeout` is the timeout of the function that will read from it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        consumer_timeout: Duration,
        alarms: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = DeadLetters(self, "DeadLetters", alarms=alarms)
        self.queue = sqs.Queue(
            self,
            "Queue",
            enforce_ssl=True,
            visibility_timeout=Duration.seconds(consumer_timeout.to_seconds() * VISIBILITY_RATIO),
            retention_period=Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters.queue, max_receive_count=MAX_RECEIVES
            ),
        )
        ring(
            self,
            "Late",
            when=self.queue.metric_approximate_age_of_oldest_message(
                period=Duration.minutes(5), statistic="Maximum"
            ),
            reaches=LATE_SECONDS,
            topic=alarms,
            description="Work waits longer than anybody who started it would.",
        )
