"""`djamms mail`"""

import json
import time
from typing import Any

import click

from local.commands.options import data_dir_option
from local.logs import parsed, read
from local.paths import DataDir

DELIVERED = "mail_delivered"
LOOK_SECONDS = 0.2


@click.command()
@data_dir_option
@click.option("--to", help="Only those to this address.")
@click.option("--last", "-n", type=int, help="How many, the newest.  [default: all]")
@click.option("--wait", type=float, default=0.0, help="Seconds to wait where there is none.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def mail(data: DataDir, *, to: str | None, last: int | None, wait: float, as_json: bool) -> None:
    """Read the mails that this machine's stack has sent: they go no further than its log."""
    until = time.monotonic() + wait
    while not (found := delivered(data, to)) and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
    if not found:
        click.echo("No mail has been sent." if to is None else f"No mail to {to}.", err=True)
    for one in found[-last:] if last else found:
        click.echo(json.dumps(one) if as_json else letter(one))


def delivered(data: DataDir, to: str | None) -> list[dict[str, Any]]:
    entries = (parsed(line) for line in read(data.logs, last=None, follow=False))
    found = [one for one in entries if one.get("message") == DELIVERED]
    return [one for one in found if to is None or to.lower() in str(one["to"]).lower()]


def letter(entry: dict[str, str]) -> str:
    head = (f"{word.capitalize()}: {entry[word]}" for word in ("from", "to", "subject"))
    return "\n".join([click.style(entry["timestamp"], bold=True), *head, "", entry["text"]])
