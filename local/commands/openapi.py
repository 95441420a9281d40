"""`djamms openapi`"""

import click

from local.errors import LocalError


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; fail when the file is out of date.")
def openapi(*, check: bool) -> None:
    """Write docs/openapi.json from the code."""
    from local.openapi import DOCUMENT, render

    text = render()
    if not check:
        DOCUMENT.write_text(text)
        click.echo(f"Wrote {DOCUMENT}.")
    elif not DOCUMENT.exists() or DOCUMENT.read_text() != text:
        raise LocalError("docs/openapi.json is out of date; run `djamms openapi` and commit it.")
