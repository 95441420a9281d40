"""The music itself: bucket, delivery, and the queue of uploads that the bucket writes to.

One stack, because each of the three names another: the bucket the queue, the queue's policy the
bucket, the bucket's policy the distribution.
"""

from aws_cdk import App, Duration, Environment, Stack
from aws_cdk import aws_sns as sns

from infra.config import Config
from infra.constructs.cdn import Cdn
from infra.constructs.media_bucket import MediaBucket
from infra.constructs.queue import WorkQueue
from infra.functions import INGEST_TIMEOUT_SECONDS


class MediaStack(Stack):
    def __init__(self, app: App, *, config: Config, env: Environment, alarms: sns.ITopic) -> None:
        super().__init__(
            app,
            "Media",
            stack_name=f"{config.prefix}-media",
            env=env,
            termination_protection=config.keep_data,
        )
        self.uploads = WorkQueue(
            self,
            "Ingest",
            consumer_timeout=Duration.seconds(INGEST_TIMEOUT_SECONDS),
            alarms=alarms,
        )
        self.media = MediaBucket(self, "Media", config=config, uploads=self.uploads.queue)
        self.bucket = self.media.bucket
        self.cdn = Cdn(self, "Cdn", config=config, media=self.media)
