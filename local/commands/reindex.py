"""`djamms reindex`"""

import time
from typing import Any

import click

from local.commands.options import data_dir_option
from local.control import ask
from local.errors import LocalError
from local.paths import DataDir

LOOK_EVERY_SECONDS = 0.5


@click.command()
@click.option("--wait/--no-wait", default=True, show_default=True, help="Until the index is live.")
@click.option("--cancel", is_flag=True, help="Stop one that is on its way; the live index stays.")
@data_dir_option
def reindex(wait: bool, cancel: bool, data: DataDir) -> None:
    """Make the search index of a running stack anew, while the old one serves.

    One that is on its way, also from before a crash, goes on where it was.
    """
    _require_node(data)
    found = _job(data, "cancel" if cancel else "begin")
    if cancel:
        click.echo("No index is on its way now.")
    elif wait:
        click.echo(_finished(_follow(data, found)))
    else:
        click.echo(f"{found['name']} is on its way.")


def _require_node(data: DataDir) -> None:
    if "search" not in ask(data, "status")["urls"]:
        raise LocalError(
            "PostgreSQL searches here, without an index: `djamms up --search opensearch` has one."
        )


def _job(data: DataDir, act: str) -> dict[str, Any]:
    arguments = {"act": act}
    done: dict[str, Any] = ask(data, "job", job="reindex", arguments=arguments, seconds=60)
    return done


def _follow(data: DataDir, begun: dict[str, Any]) -> dict[str, Any]:
    """Until it is live. Raises LocalError when somebody else cancels or replaces it."""
    from rich.progress import Progress  # 60 ms that no other command pays

    found = begun
    with Progress() as bar:
        task = bar.add_task("Documents", total=None)
        while found.get("name") == begun["name"] and found["state"] != "live":
            total = max(found["expected"], found["documents"]) or None
            bar.update(task, completed=found["documents"], total=total)
            time.sleep(LOOK_EVERY_SECONDS)
            found = _job(data, "look")
    if found.get("name") != begun["name"]:
        raise LocalError(f"Somebody cancelled {begun['name']}: the index before it serves on.")
    return found


def _finished(found: dict[str, Any]) -> str:
    refused = f" {found['refused']} were refused: see `djamms logs`." if found["refused"] else ""
    return f"{found['name']} is live with {found['documents']:,} documents.{refused}"
