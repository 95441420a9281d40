"""Mail through SES (API v2). Whoever sends has `ses:SendEmail` for the sender's domain alone."""

from dataclasses import dataclass

from djamms.config import config
from djamms.storage.client import ses_client


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    text: str


class MailSender:
    """Raises botocore's errors: the queue tries again."""

    def send(self, mail: Mail) -> str:
        """SES's id of the message."""
        answer = ses_client().send_email(
            FromEmailAddress=config.mail_from,
            Destination={"ToAddresses": [mail.to]},
            Content={
                "Simple": {
                    "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": mail.text, "Charset": "UTF-8"}},
                }
            },
        )
        return str(answer["MessageId"])
