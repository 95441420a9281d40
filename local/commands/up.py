"""`djamms up`"""

import asyncio
import logging
import subprocess
import sys
import time
from dataclasses import dataclass

import click

from djamms.parsers import YEAR_SECONDS
from local.commands.options import PORT, data_dir_option
from local.errors import LocalError
from local.paths import DataDir

READY_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Options:
    port: int
    data: DataDir
    origins: tuple[str, ...]
    search: str
    clock_offset: int
    prewarm: bool

    def words(self) -> list[str]:
        """The command line that says the same."""
        words = ["up", "--port", str(self.port), "--data-dir", str(self.data.root)]
        words += ["--search", self.search, "--clock-offset", str(self.clock_offset)]
        words += [word for origin in self.origins for word in ("--origin", origin)]
        return words + ([] if self.prewarm else ["--no-prewarm"])


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
@click.option(
    "--clock-offset",
    type=click.IntRange(-YEAR_SECONDS, YEAR_SECONDS),
    default=0,
    envvar="CLOCK_OFFSET_SECONDS",
    metavar="SECONDS",
    help="Moves the clock of all functions and their triggers, to try schedules.",
)
@click.option("--prewarm/--no-prewarm", default=True, help="Start every function right away.")
def up(
    port: int,
    data: DataDir,
    origins: tuple[str, ...],
    *,
    detach: bool,
    search: str,
    clock_offset: int,
    prewarm: bool,
) -> None:
    """Start everything and print the addresses.

    Ctrl-C stops every process that it started. Data is kept. DJAMMS_ADMIN_EMAIL and
    DJAMMS_ADMIN_PASSWORD set the first administrator; otherwise a password is made up.
    """
    options = Options(port, data, origins, search, clock_offset, prewarm)
    if detach:
        _detached(options)
    else:
        _run(options)


def _run(options: Options) -> None:
    import uvloop

    from local.stack import Stack

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    stack = Stack(
        options.data,
        port=options.port,
        tell=click.echo,
        prewarm=options.prewarm,
        origins=options.origins,
        search=options.search == "opensearch",
        clock_offset=options.clock_offset,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(stack.run())


def _detached(options: Options) -> None:
    data = options.data
    data.prepare()
    log = data.logs / "stack.log"
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "local", *options.words()],
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
