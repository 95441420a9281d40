"""The queue that wakes the indexer. What it has to do stands in the database: a message says only
that there is something."""

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.constructs.function import Function
from infra.constructs.queue import WorkQueue
from infra.functions import INDEXER_TIMEOUT_SECONDS

BATCH = 10


class IndexQueue(WorkQueue):
    def __init__(self, scope: Construct, construct_id: str, *, alarms: sns.ITopic) -> None:
        timeout = Duration.seconds(INDEXER_TIMEOUT_SECONDS)
        super().__init__(scope, construct_id, consumer_timeout=timeout, alarms=alarms)

    def feed(self, indexer: Function, *, concurrency: int) -> None:
        lambda_.EventSourceMapping(
            indexer,
            "Changes",
            target=indexer.entry,
            event_source_arn=self.queue.queue_arn,
            batch_size=BATCH,
            report_batch_item_failures=True,
            max_concurrency=concurrency,
        )
