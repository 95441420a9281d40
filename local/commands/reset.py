"""`djamms reset`"""

import click

from local.commands.down import stop
from local.commands.options import data_dir_option
from local.paths import DataDir


@click.command()
@data_dir_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(data: DataDir, *, yes: bool) -> None:
    """Stop, then delete all tracks, accounts and logs of a data directory."""
    if not data.root.exists():
        click.echo(f"{data.root} does not exist.")
        return
    if not yes:
        click.confirm(f"Delete everything in {data.root}?", abort=True)
    stop(data)
    data.delete()
    click.echo(f"{data.root} is gone; `djamms up` begins anew.")
