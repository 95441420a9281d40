"""`djamms doctor`"""

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from local.commands.options import PORT, data_dir_option
from local.paths import DataDir

if TYPE_CHECKING:
    from local.doctor import Finding


@click.command()
@data_dir_option
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True)
def doctor(data: DataDir, port: int) -> None:
    """Try everything that DJAMMS needs, with a scratch database and store."""
    from local.doctor import examine

    if not asyncio.run(examine(data, port, _print)):
        sys.exit(1)


def _print(finding: "Finding") -> None:
    mark = click.style("ok  ", fg="green") if finding.ok else click.style("FAIL", fg="red")
    click.echo(f"{mark} {finding.name:<26} {finding.seconds:5.1f} s  {finding.text}")
