"""Mail: a queue of what is to be written, and the function that writes and sends it."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config import Config
from infra.constructs.function import Function
from infra.constructs.queue import WorkQueue
from infra.functions import MAIL_TIMEOUT_SECONDS

BATCH = 10
CONCURRENCY = 2


class MailQueue(WorkQueue):
    def __init__(self, scope: Construct, construct_id: str, *, alarms: sns.ITopic) -> None:
        timeout = Duration.seconds(MAIL_TIMEOUT_SECONDS)
        super().__init__(scope, construct_id, consumer_timeout=timeout, alarms=alarms)

    def feed(self, mail: Function) -> None:
        lambda_.EventSourceMapping(
            mail,
            "Requests",
            target=mail.entry,
            event_source_arn=self.queue.queue_arn,
            batch_size=BATCH,
            report_batch_item_failures=True,
            max_concurrency=CONCURRENCY,
        )


def allow_sending(mail: Function, config: Config) -> None:
    """From the one sender, whoever gets it."""
    identity = f"arn:aws:ses:{config.region}:{Aws.ACCOUNT_ID}:identity/{config.mail_domain}"
    mail.allow(["ses:SendEmail"], identity)


def environment(config: Config) -> dict[str, str]:
    return {"MAIL_FROM": config.mail_from}
