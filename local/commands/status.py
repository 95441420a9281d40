"""`djamms status`"""

import json
from typing import Any

import click

from local.commands.options import data_dir_option
from local.control import ask
from local.paths import DataDir


@click.command()
@data_dir_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(data: DataDir, *, as_json: bool) -> None:
    """Show services, functions, queues and addresses of a running stack."""
    found = ask(data, "status")
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        _print(found)


def _print_disk(disk: dict[str, Any]) -> None:
    text = f"{'disk':<10} {disk['freeGb']} GB free"
    if disk["takesUploads"]:
        click.echo(f"{text}\n")
    else:
        click.secho(f"{text}: too little, uploads are refused (507)\n", fg="red")


def _print(found: dict[str, Any]) -> None:
    for name, url in found["urls"].items():
        click.echo(f"{name:<10} {url}")
    click.echo(f"{'data':<10} {found['data']}")
    _print_disk(found["disk"])
    for one in found["services"]:
        memory = f"{one['memoryMb']} MB"
        click.echo(f"{one['name']:<12} {one['state']:<8} {memory:>8}  pid {one['pid']}")
    click.echo("\nfunction      workers  busy    memory")
    for one in found["functions"]:
        memory = f"{one['memoryMb']} MB" if one["workers"] else "-"
        click.echo(f"{one['name']:<14}{one['workers']:>6}{one['busy']:>6}{memory:>10}")
    click.echo("\nwaiting  in flight  queue")
    for one in found["queues"]:
        color = "red" if one["deadLetters"] and one["waiting"] else None
        line = f"{one['waiting']:>7}{one['inFlight']:>11}  {one['name']}"
        click.secho(line, fg=color)
