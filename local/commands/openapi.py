"""Documents that are made from the code."""

from pathlib import Path

import click

from local.errors import LocalError
from local.paths import ROOT

check_option = click.option(
    "--check", is_flag=True, help="Change nothing; fail when the file is out of date."
)


@click.command()
@check_option
def openapi(*, check: bool) -> None:
    """Write docs/openapi.json from the code."""
    from local.openapi import DOCUMENT, render

    write(DOCUMENT, render(), command="openapi", check=check)


@click.command()
@check_option
def config(*, check: bool) -> None:
    """Write docs/configuration.md, the table of all settings, from the code."""
    from local.configuration import DOCUMENT, render

    write(DOCUMENT, render(), command="config", check=check)


@click.command()
@check_option
def permissions(*, check: bool) -> None:
    """Write docs/permissions.md, who may call what, from the code."""
    from local.permissions import DOCUMENT, render

    write(DOCUMENT, render(), command="permissions", check=check)


@click.command()
@check_option
def diagram(*, check: bool) -> None:
    """Draw the assembly: a picture into README.md, a table into docs/architecture.md."""
    from local.diagram.documents import render

    for document, text in render():
        write(document, text, command="diagram", check=check)


def write(document: Path, text: str, *, command: str, check: bool) -> None:
    if not check:
        document.write_text(text)
        click.echo(f"Wrote {document}.")
    elif not document.exists() or document.read_text() != text:
        name = document.relative_to(ROOT)
        raise LocalError(f"{name} is out of date; run `djamms {command}` and commit it.")
