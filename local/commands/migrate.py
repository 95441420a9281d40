"""`djamms migrate`"""

import asyncio
from typing import Any

import click

from local.commands.options import data_dir_option
from local.control import ask
from local.paths import DataDir

LONGEST_SECONDS = 300


@click.command()
@data_dir_option
def migrate(data: DataDir) -> None:
    """Bring the database schema up to date, as `up` does when it starts.

    Uses the running stack, or starts what is needed for as long as it takes.
    """
    if data.is_in_use():
        ask(data, "job", job="migrate", seconds=LONGEST_SECONDS)
    else:
        asyncio.run(_alone(data))
    click.echo("The database schema is up to date.")


async def _alone(data: DataDir) -> Any:
    from local.backend import Backend

    data.prepare()
    with data.lock():
        backend = Backend(data, base_url="http://localhost", say=lambda _: None)
        try:
            await backend.start()
            return await backend.job("migrate")
        finally:
            await backend.stop()
