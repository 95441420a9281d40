"""The bucket of all media, and the queue that hears of each raw upload.

The notification is part of the bucket itself: CDK's own way to add it is a custom resource with a
function that we neither wrote nor could run on one machine.
"""

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.config import Config
from infra.nag import acknowledge

UPLOADS = "uploads/"
TRASH = "trash/"
DELIVERED = ("audio/*", "images/*")
LOG_DAYS = 90
FAILED_UPLOAD_DAYS = 14
UNDELETE_DAYS = 7


class MediaBucket(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: Config,
        uploads: sqs.Queue,
    ) -> None:
        super().__init__(scope, construct_id)
        self.logs = self._logs()
        # The name is spelt out because the queue's policy and the bucket name each other.
        self.arn = f"arn:aws:s3:::{config.prefix}-media-{Aws.ACCOUNT_ID}-{config.region}"
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=self.arn.rpartition(":")[2],
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            cors=[_browser_uploads(config)],
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                    noncurrent_version_expiration=Duration.days(UNDELETE_DAYS),
                    expired_object_delete_marker=True,
                ),
                # What became a track is gone from here; what failed stays for a second look.
                s3.LifecycleRule(prefix=UPLOADS, expiration=Duration.days(FAILED_UPLOAD_DAYS)),
            ],
            server_access_logs_bucket=self.logs,
            server_access_logs_prefix="s3/",
            removal_policy=RemovalPolicy.RETAIN,
        )
        self._notify(uploads)

    def _logs(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Logs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            # CloudFront's standard logs are delivered by an access control list.
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(LOG_DAYS))],
            removal_policy=RemovalPolicy.RETAIN,
        )
        acknowledge(bucket, {"AwsSolutions-S1": "This is the bucket that the access logs go to."})
        return bucket

    def _notify(self, uploads: sqs.Queue) -> None:
        uploads.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[uploads.queue_arn],
                conditions={
                    "ArnEquals": {"aws:SourceArn": self.arn},
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                },
            )
        )
        bucket = self.bucket.node.default_child
        assert isinstance(bucket, s3.CfnBucket)
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[
                s3.CfnBucket.QueueConfigurationProperty(
                    event="s3:ObjectCreated:*", queue=uploads.queue_arn, filter=_prefix(UPLOADS)
                )
            ]
        )
        # S3 sends a test message when the notification is made: it must be allowed by then.
        policy = uploads.node.find_child("Policy").node.default_child
        assert policy is not None
        bucket.node.add_dependency(policy)


def _prefix(value: str) -> s3.CfnBucket.NotificationFilterProperty:
    rule = s3.CfnBucket.FilterRuleProperty(name="prefix", value=value)
    return s3.CfnBucket.NotificationFilterProperty(
        s3_key=s3.CfnBucket.S3KeyFilterProperty(rules=[rule])
    )


def _browser_uploads(config: Config) -> s3.CorsRule:
    return s3.CorsRule(
        allowed_methods=[s3.HttpMethods.POST, s3.HttpMethods.PUT],
        allowed_origins=list(config.cors_allowed_origins),
        allowed_headers=["*"],
        exposed_headers=["ETag"],
        max_age=7200,
    )
