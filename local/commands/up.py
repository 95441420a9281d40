"""`djamms up`"""

import asyncio
import logging
import subprocess
import sys
import time

import click

from local.commands.options import PORT, data_dir_option
from local.errors import LocalError
from local.paths import DataDir

READY_SECONDS = 300


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="Of the API."
)
@data_dir_option
@click.option("--detach", is_flag=True, help="Go on in the background; stop with `djamms down`.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="URL",
    help="One more place that a browser may call from, such as http://localhost:8080.",
)
@click.option(
    "--search",
    type=click.Choice(["postgres", "opensearch"]),
    default="postgres",
    show_default=True,
    help="What searches; OpenSearch is fetched once, and needs Java 21 or newer.",
)
@click.option("--prewarm/--no-prewarm", default=True, help="Start every function right away.")
def up(
    port: int,
    data: DataDir,
    origins: tuple[str, ...],
    *,
    detach: bool,
    search: str,
    prewarm: bool,
) -> None:
    """Start everything and print the addresses.

    Ctrl-C stops every process that it started. Data is kept. DJAMMS_ADMIN_EMAIL and
    DJAMMS_ADMIN_PASSWORD set the first administrator; otherwise a password is made up.
    """
    if detach:
        _detached(port, data, origins, search=search, prewarm=prewarm)
    else:
        _run(port, data, origins, search=search, prewarm=prewarm)


def _run(port: int, data: DataDir, origins: tuple[str, ...], *, search: str, prewarm: bool) -> None:
    import uvloop

    from local.stack import Stack

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    stack = Stack(
        data,
        port=port,
        tell=click.echo,
        prewarm=prewarm,
        origins=origins,
        search=search == "opensearch",
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(stack.run())


def _detached(
    port: int, data: DataDir, origins: tuple[str, ...], *, search: str, prewarm: bool
) -> None:
    data.prepare()
    log = data.logs / "stack.log"
    words = ["up", "--port", str(port), "--data-dir", str(data.root)]
    words += ["--search", search]
    words += [word for origin in origins for word in ("--origin", origin)]
    words += [] if prewarm else ["--no-prewarm"]
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "local", *words],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + READY_SECONDS
    while not (data.state().get("ready") and data.state().get("pid") == child.pid):
        if child.poll() is not None:
            click.echo(log.read_text().strip(), err=True)
            sys.exit(child.returncode or 1)
        if time.monotonic() > deadline:
            raise LocalError(f"DJAMMS is not ready after {READY_SECONDS} s; see {log}.")
        time.sleep(0.05)
    click.echo(log.read_text().strip().replace("Stop: Ctrl-C", "Stop: djamms down"))
