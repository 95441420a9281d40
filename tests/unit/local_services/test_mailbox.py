"""A mail that SES takes is a line in the log, and goes no further."""

import json
from pathlib import Path

from local.services.aws import Aws
from local.services.emulator import Emulator
from tests.unit.local_services.conftest import ACCOUNT, REGION


def test_a_mail_is_in_the_log(tmp_path: Path) -> None:
    emulator = Emulator(tmp_path).start(region=REGION, account=ACCOUNT)
    ses = Aws(emulator.url, REGION, emulator.credentials).ses
    ses.create_email_identity(EmailIdentity="djamms.com")

    answer = ses.send_email(
        FromEmailAddress="DJAMMS <no-reply@djamms.com>",
        Destination={"ToAddresses": ["ada@example.test"]},
        Content={
            "Simple": {"Subject": {"Data": "Grüße"}, "Body": {"Text": {"Data": "one\ntwo"}}},
        },
    )
    ses.close()
    emulator.stop()

    assert answer["MessageId"]
    [line] = (tmp_path / "djamms.jsonl").read_text().splitlines()
    mail = json.loads(line)
    assert mail["message"] == "mail_delivered"
    assert (mail["to"], mail["subject"]) == ("ada@example.test", "Grüße")
    assert mail["text"] == "one\ntwo"
