"""Playout: the bus on which is told what became current, the queue that wakes who tells it, and the
alarms."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config import Config
from infra.constructs.alarms import measured, ring, ring_in_silence
from infra.constructs.function import Function
from infra.constructs.queue import WorkQueue
from infra.functions import PLAYOUT_TIMEOUT_SECONDS

BATCH = 10
# The fewest that Lambda takes. One follows the plan, another would find nothing to do.
CONCURRENCY = 2
QUIET_MINUTES = 5


class EventBus(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, config: Config) -> None:
        super().__init__(scope, construct_id)
        bus = events.EventBus(self, "Bus", event_bus_name=config.prefix)
        self.name, self.arn = bus.event_bus_name, bus.event_bus_arn


class PlayoutQueue(WorkQueue):
    def __init__(self, scope: Construct, construct_id: str, *, alarms: sns.ITopic) -> None:
        timeout = Duration.seconds(PLAYOUT_TIMEOUT_SECONDS)
        super().__init__(scope, construct_id, consumer_timeout=timeout, alarms=alarms)

    def feed(self, playout: Function) -> None:
        lambda_.EventSourceMapping(
            playout,
            "Wakes",
            target=playout.entry,
            event_source_arn=self.queue.queue_arn,
            batch_size=BATCH,
            report_batch_item_failures=True,
            max_concurrency=CONCURRENCY,
        )


def watch_playout(scope: Construct, *, topic: sns.ITopic) -> None:
    ring(
        scope,
        "PlayoutMissed",
        when=measured("PlayoutMissed", "playout", Duration.minutes(1), "Sum"),
        reaches=1,
        topic=topic,
        description="What became current was found out late: the log says what, and by how much.",
    )
    ring_in_silence(
        scope,
        "PlayoutSilent",
        of=measured("PlayoutTicked", "playout", Duration.minutes(QUIET_MINUTES), "Sum"),
        topic=topic,
        description="For five minutes nobody has followed the plan to its end, or told of it.",
    )
