"""The command line of `djamms import`."""

import sys
from pathlib import Path

import click

from local.commands.options import data_dir_option
from local.paths import DataDir


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--url", metavar="URL", help="The server's API; otherwise the local stack's.")
@data_dir_option
@click.option("--email", metavar="NAME", help="E-mail address or user name; or DJAMMS_EMAIL.")
@click.option("--password", metavar="WORD", help="Better in DJAMMS_PASSWORD, where no one sees it.")
@click.option("--token", metavar="TOKEN", help="Instead of a password; or DJAMMS_TOKEN.")
@click.option("--public/--private", default=True, show_default=True, help="Who may see the tracks.")
@click.option(
    "--concurrency", type=click.IntRange(1, 64), default=8, show_default=True, help="Files at once."
)
@click.option(
    "--report", type=click.Path(path_type=Path), metavar="FILE", help="All results, as JSON."
)
@click.option("--retry-failed", is_flag=True, help="Also send again what the server has refused.")
@click.option(
    "--patience",
    type=click.FloatRange(min=0),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to try again when the server does not answer.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def import_command(
    paths: tuple[Path, ...],
    url: str | None,
    data: DataDir,
    email: str | None,
    password: str | None,
    token: str | None,
    public: bool,
    concurrency: int,
    report: Path | None,
    retry_failed: bool,
    patience: float,
    dry_run: bool,
) -> None:
    """Upload the music in PATHS, folders or files, and wait until it is in the library.

    A second run sends nothing twice and goes on where the first one ended. A file with the same
    content as another one is reported as its duplicate. The exit code is 0 only when every file
    is in the library.
    """
    # 420 ms (httpx, rich) that the other commands of the program do not pay
    from local.importer.api import Account
    from local.importer.main import Request, run
    from local.importer.run import Options

    request = Request(
        paths=paths,
        url=url,
        data=data,
        account=Account(email, password, token),
        options=Options(concurrency, is_public=public, retry_failed=retry_failed),
        report=report,
        patience_seconds=patience,
        is_dry_run=dry_run,
    )
    sys.exit(run(request))
