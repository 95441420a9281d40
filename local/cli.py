"""`djamms`: the command line of the local stack."""

import sys
from importlib import import_module

import click

from local.errors import LocalError

COMMANDS = {
    "up": "local.commands.up:up",
    "down": "local.commands.down:down",
    "status": "local.commands.status:status",
    "logs": "local.commands.logs:logs",
    "mail": "local.commands.mail:mail",
    "import": "local.importer:import_command",
    "migrate": "local.commands.migrate:migrate",
    "reindex": "local.commands.reindex:reindex",
    "reset": "local.commands.reset:reset",
    "doctor": "local.commands.doctor:doctor",
    "openapi": "local.commands.openapi:openapi",
    "config": "local.commands.openapi:config",
    "permissions": "local.commands.openapi:permissions",
    "diagram": "local.commands.openapi:diagram",
    "keys": "local.commands.keys:keys",
}


class Commands(click.Group):
    """Loads a command when it is asked for. Its module imports what it needs when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def djamms() -> None:
    """Run DJAMMS on this machine: the assembly that CDK deploys, with its database and storage."""


def main() -> None:
    try:
        djamms()
    except LocalError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
