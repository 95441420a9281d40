"""A forgotten password on the running stack: request, queue, mail, link."""

import json
import re
from typing import Any

import httpx
from click.testing import CliRunner

from local.cli import djamms
from local.logs import parsed, read
from tests.e2e.conftest import Person
from tests.support.stack import LocalStack

NEW = "four green kettles"
ADDRESS = "forgetful@example.com"


def mails(stack: LocalStack) -> list[dict[str, Any]]:
    words = ["mail", "--data-dir", str(stack.data.root), "--to", ADDRESS, "--wait", "30", "--json"]
    done = CliRunner().invoke(djamms, words)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_forgotten_password(stack: LocalStack) -> None:
    with httpx.Client(base_url=stack.api, timeout=60) as http:
        person = Person(http, "forgetful")
        person.register()
        for address in (ADDRESS, "nobody@example.com"):
            asked = httpx.post(f"{stack.api}/auth/password-reset", json={"email": address})
            assert (asked.status_code, asked.json()) == (202, {"accepted": True})

        [mail] = mails(stack)
        found = re.search(r"http://localhost:3000/reset-password#token=(\S+)", mail["text"])
        assert found, mail
        confirmed = httpx.post(
            f"{stack.api}/auth/password-confirm", json={"token": found[1], "password": NEW}
        )

        assert confirmed.status_code == 200, confirmed.text
        assert http.get("/auth/user").status_code == 401
        del http.headers["Authorization"]
        person.ok("POST", "/auth/login", json={"login": ADDRESS, "password": NEW})
    plain = CliRunner().invoke(djamms, ["mail", "--data-dir", str(stack.data.root), "-n", "1"])
    assert "Subject: Your new DJAMMS password" in plain.output
    entries = [parsed(line) for line in read(stack.data.logs, last=None, follow=False)]
    own = [entry for entry in entries if entry.get("function") != "mailbox"]
    assert any(entry.get("message") == "mail_sent" for entry in own)
    assert found[1] not in json.dumps(own)
