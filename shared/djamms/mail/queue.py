"""What is to be written to whom, for the function `mail`: nobody waits for a mail server."""

import json
from uuid import UUID, uuid4

from djamms.config import config
from djamms.errors import Unavailable
from djamms.observability import logger
from djamms.storage.client import sqs_client


class MailQueue:
    def ask_for_password_reset(self, email: str, *, correlation_id: str) -> None:
        """Says nothing of whether there is such an account, as nobody has looked yet. Raises
        Unavailable."""
        body = {"resetId": str(uuid4()), "email": email, "correlationId": correlation_id}
        from botocore.exceptions import BotoCoreError, ClientError  # comes with the client

        try:
            sqs_client().send_message(QueueUrl=config.mail_queue_url, MessageBody=json.dumps(body))
        except (BotoCoreError, ClientError) as error:
            logger.exception("mail_queue_unavailable")
            raise Unavailable from error


def read_request(body: str) -> tuple[UUID, str, str]:
    """Reset id, address, correlation id. Raises ValueError or KeyError for anything else."""
    found = json.loads(body)
    return UUID(found["resetId"]), str(found["email"]), str(found["correlationId"])


def mail_queue() -> MailQueue:
    return MailQueue()
