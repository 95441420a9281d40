"""`djamms down`"""

import os
import signal
import time

import click

from local.commands.options import data_dir_option
from local.errors import LocalError
from local.paths import DataDir
from local.services import process

PATIENCE_SECONDS = 30


@click.command()
@data_dir_option
def down(data: DataDir) -> None:
    """Stop what runs on a data directory, from wherever it was started."""
    click.echo("Stopped." if stop(data) else "Nothing runs here.")


def stop(data: DataDir) -> bool:
    """Whether something had to be stopped."""
    if not data.is_in_use():
        return False
    pid = data.state().get("pid") or _waiting_pid(data)
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while data.is_in_use() or process.is_running(pid):
        if time.monotonic() > deadline:
            raise LocalError(f"Process {pid} does not stop; `kill -9 {pid}` is safe for the data.")
        time.sleep(0.05)
    return True


def _waiting_pid(data: DataDir) -> int:
    """A stack that is still starting has not written its state, but it holds the lock."""
    try:
        return int((data.run / "lock").read_text())
    except ValueError as error:
        raise LocalError(f"Something holds {data.run / 'lock'} and does not say what.") from error
