"""SQS messages → mails. Answers which messages failed, so that only they return."""

from typing import Any

from djamms import settle
from djamms.auth import reset_mails
from djamms.config import config
from djamms.db.session import transaction
from djamms.mail.queue import read_request
from djamms.mail.sender import MailSender
from djamms.observability import logger

config.require("mail")
settle()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failed = [one["messageId"] for one in event["Records"] if not is_done(one)]
    return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}


def is_done(message: dict[str, Any]) -> bool:
    try:
        write(message["body"])
    except Exception:  # noqa: BLE001 - one message's trouble is not the batch's
        logger.exception("mail_error", extra={"message_id": message["messageId"]})
        return False
    finally:
        logger.set_correlation_id(None)
    return True


def write(body: str) -> None:
    """Neither the address nor the text is logged: who holds the link holds the account."""
    reset_id, email, correlation_id = read_request(body)
    logger.set_correlation_id(correlation_id)
    with transaction() as database:
        mail = reset_mails.write(database, reset_id=reset_id, email=email)
        # Within the transaction: a mail that cannot be sent leaves no token behind.
        sent = MailSender().send(mail) if mail else None
    logger.info("mail_sent" if sent else "mail_needless", extra={"reset_id": str(reset_id)})
