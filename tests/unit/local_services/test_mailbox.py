"""A mail that SES takes is a line in the log, and goes no further."""

import json
from pathlib import Path

from click.testing import CliRunner

from local.cli import djamms
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


def test_where_there_is_no_mail_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "djamms.jsonl").write_text('{"message": "something else"}\n')

    done = CliRunner().invoke(djamms, ["mail", "--data-dir", str(tmp_path), "--to", "ada"])

    assert (done.exit_code, done.stdout) == (0, "")
    assert "No mail to ada." in done.stderr
