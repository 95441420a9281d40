"""All code: layers, functions, API, queue consumers, schedules. It holds no data."""

from aws_cdk import App, CfnOutput, Environment, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from infra import functions
from infra.assets import Assets
from infra.config import Config
from infra.constructs.api import Api
from infra.constructs.function import Function, Platform, Search
from infra.constructs.indexer import IndexQueue
from infra.constructs.layers import Layers
from infra.constructs.mail import MailQueue, allow_sending, environment
from infra.constructs.media_bucket import DELIVERED, TRASH, UPLOADS
from infra.constructs.playout import EventBus, PlayoutQueue, watch_playout
from infra.constructs.queue import DeadLetters
from infra.constructs.schedule import Schedules
from infra.constructs.search_alarms import watch_indexing
from infra.stacks.foundation import FoundationStack
from infra.stacks.media import MediaStack

INGEST_BATCH = 10
MINUTE_SECONDS = 60


class ServiceStack(Stack):
    def __init__(
        self,
        app: App,
        *,
        config: Config,
        env: Environment,
        assets: Assets,
        foundation: FoundationStack,
        media: MediaStack,
    ) -> None:
        super().__init__(app, "Service", stack_name=f"{config.prefix}-service", env=env)
        self._config = config
        self._foundation = foundation
        self._media = media
        self._platform = Platform(
            config=config,
            network=foundation.network,
            database=foundation.database,
            secrets=foundation.secrets,
            layers=Layers(self, "Layers", assets=assets),
            assets=assets,
            search=self._search(),
        )
        self._mails = MailQueue(self, "Mails", alarms=foundation.alarms)
        self._wakes = PlayoutQueue(self, "Wakes", alarms=foundation.alarms)
        self._add_api()
        self._add_ingest()
        self._add_jobs()
        self._add_mail()
        self._add_indexer()
        self._add_playout()

    def _search(self) -> Search | None:
        if self._foundation.search is None:
            return None
        self._changes = IndexQueue(self, "Index", alarms=self._foundation.alarms)
        return Search(self._foundation.search, self._changes.queue)

    def _add_api(self) -> None:
        api = Api(self, "Api", config=self._config, alarms=self._foundation.alarms)
        environment = self._api_environment(api)
        for spec in functions.API:
            own = self._own_environment(spec.name)
            function = self._function(
                spec, environment | own, concurrency=self._config.compute.api_concurrency
            )
            for route in spec.routes:
                api.route(route, function.entry)
            if spec.name == "music":
                self._allow_uploading_and_restoring(function)
            if spec.name == "auth":
                function.allow(["sqs:SendMessage"], self._mails.queue.queue_arn)
            if spec.name == "playlists":
                self._allow_covers(function)
            if spec.name == "scheduler":
                function.allow(["sqs:SendMessage"], self._wakes.queue.queue_arn)
        CfnOutput(self, "ApiBaseUrl", value=api.base_url)
        CfnOutput(self, "CdnBaseUrl", value=self._media.cdn.base_url)

    def _allow_uploading_and_restoring(self, music: Function) -> None:
        media = self._media.media
        music.allow_objects(["s3:PutObject"], media, f"{UPLOADS}*", *DELIVERED)
        music.allow_objects(["s3:GetObject"], media, f"{TRASH}*")
        # What was taken back before it became a track, and what came back from the trash.
        music.allow_objects(["s3:DeleteObject"], media, f"{UPLOADS}*", f"{TRASH}*")
        # Without it S3 answers 403 for an object that is gone.
        music.allow(["s3:ListBucket"], media.arn)

    def _allow_covers(self, playlists: Function) -> None:
        """Raw pictures come by a form that it signs; mosaics are ordered from `ingest`."""
        playlists.allow_objects(["s3:PutObject"], self._media.media, f"{UPLOADS}covers/*")
        playlists.allow(["sqs:SendMessage"], self._media.uploads.queue.queue_arn)

    def _add_ingest(self) -> None:
        queue = self._media.uploads.queue
        environment = {"AWS_S3_BUCKET": self._media.bucket.bucket_name}
        ingest = self._function(functions.INGEST, environment, consumes=queue)
        media = self._media.media
        ingest.allow_objects(["s3:DeleteObject", "s3:GetObject"], media, f"{UPLOADS}*")
        ingest.allow_objects(["s3:PutObject"], media, *DELIVERED)
        # A playlist's mosaic is made of its tracks' artwork, and replaces the one before.
        ingest.allow_objects(["s3:GetObject"], media, "images/tracks/*")
        ingest.allow_objects(["s3:DeleteObject"], media, "images/playlists/*")
        # Without it S3 answers 403 for an object that is gone, which looks like a broken grant.
        ingest.allow(["s3:ListBucket"], media.arn)
        lambda_.EventSourceMapping(
            ingest,
            "Uploads",
            target=ingest.entry,
            event_source_arn=queue.queue_arn,
            batch_size=INGEST_BATCH,
            report_batch_item_failures=True,
            max_concurrency=self._config.compute.ingest_concurrency,
        )

    def _add_jobs(self) -> None:
        bucket, queue = self._media.bucket, self._media.uploads.queue
        dead_letters = DeadLetters(self, "JobsDeadLetters", alarms=self._foundation.alarms)
        environment = {"AWS_S3_BUCKET": bucket.bucket_name, "INGEST_QUEUE_URL": queue.queue_url}
        jobs = self._function(
            functions.JOBS,
            environment,
            concurrency=self._config.compute.jobs_concurrency,
            dead_letters=dead_letters,
        )
        jobs.allow(["s3:ListBucket"], self._media.media.arn)
        jobs.allow(["sqs:SendMessage"], queue.queue_arn)
        # Into the trash and, later, out of it for good.
        jobs.allow_objects(["s3:DeleteObject"], self._media.media, *DELIVERED, f"{TRASH}*")
        jobs.allow_objects(["s3:GetObject"], self._media.media, *DELIVERED)
        jobs.allow_objects(["s3:PutObject"], self._media.media, f"{TRASH}*")
        CfnOutput(self, "JobsFunction", value=jobs.entry.function_arn)
        schedules = Schedules(self, "Schedules", target=jobs.entry, dead_letters=dead_letters)
        for job, expression in functions.schedules(self._config).items():
            schedules.run(job, expression)

    def _add_mail(self) -> None:
        mail = self._function(functions.MAIL, environment(self._config), consumes=self._mails.queue)
        allow_sending(mail, self._config)
        self._mails.feed(mail)

    def _add_indexer(self) -> None:
        if self._config.search is None:
            return
        watch_indexing(self, topic=self._foundation.alarms)
        indexer = self._function(functions.INDEXER, {}, consumes=self._changes.queue)
        self._changes.feed(indexer, concurrency=self._config.search.indexer_concurrency)

    def _add_playout(self) -> None:
        alarms = self._foundation.alarms
        dead_letters = DeadLetters(self, "PlayoutDeadLetters", alarms=alarms)
        bus = EventBus(self, "Events", config=self._config)
        playout = self._function(
            functions.PLAYOUT,
            {"EVENT_BUS_NAME": bus.name, "PLAYOUT_QUEUE_URL": self._wakes.queue.queue_url},
            consumes=self._wakes.queue,
            dead_letters=dead_letters,
        )
        playout.allow(["events:PutEvents"], bus.arn)
        # Itself, for what changes before its next minute.
        playout.allow(["sqs:SendMessage"], self._wakes.queue.queue_arn)
        self._wakes.feed(playout)
        minutes = Schedules(self, "Minutes", target=playout.entry, dead_letters=dead_letters)
        for job, expression in functions.FOLLOW_PLAN.items():
            minutes.run(job, expression, keep_seconds=MINUTE_SECONDS)
        watch_playout(self, topic=alarms)

    def _function(
        self,
        spec: functions.Function,
        environment: dict[str, str],
        *,
        concurrency: int | None = None,
        consumes: sqs.IQueue | None = None,
        dead_letters: DeadLetters | None = None,
    ) -> Function:
        return Function(
            self,
            spec.name.capitalize(),
            spec=spec,
            platform=self._platform,
            environment=environment,
            concurrency=concurrency,
            consumes=consumes,
            dead_letters=dead_letters,
        )

    def _api_environment(self, api: Api) -> dict[str, str]:
        return {
            "API_BASE_URL": api.base_url,
            "CDN_BASE_URL": self._media.cdn.base_url,
            "CORS_ALLOWED_ORIGINS": ",".join(self._config.cors_allowed_origins),
        }

    def _own_environment(self, function: str) -> dict[str, str]:
        own = {
            "auth": {"MAIL_QUEUE_URL": self._mails.queue.queue_url},
            "scheduler": {"PLAYOUT_QUEUE_URL": self._wakes.queue.queue_url},
            "music": {
                "AWS_S3_BUCKET": self._media.bucket.bucket_name,
                "CDN_KEY_ID": self._media.cdn.signing_key.public_key_id,
            },
            "playlists": {
                "AWS_S3_BUCKET": self._media.bucket.bucket_name,
                "INGEST_QUEUE_URL": self._media.uploads.queue.queue_url,
            },
        }
        return own.get(function, {})
