"""`djamms keys`"""

from pathlib import Path

import click

from local.errors import LocalError


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default="cdn-key.pem",
    show_default=True,
    help="File for the private key.",
)
def keys(out: Path) -> None:
    """Make the key pair that signs media addresses of a deployed system.

    The private key goes into a file that only you can read, the public one into infra/config.py.
    """
    from local.services.process import write_private
    from local.services.values import key_pair

    if out.exists():
        raise LocalError(f"{out} exists; it may be in use, so it is not overwritten.")
    private, public = key_pair()
    write_private(out, private)
    click.echo(f"The private key is in {out}. Store it as the value of the secret `CdnKey`:\n")
    click.echo(
        f"  aws secretsmanager put-secret-value --secret-id … --secret-string file://{out}\n"
    )
    click.echo("Then keep it out of the repository. The public key goes into infra/config.py, as")
    click.echo("the first of `cdn_public_keys` of its environment:\n")
    click.echo(public)
