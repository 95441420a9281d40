"""Options that several commands share."""

import click

from local.paths import DEFAULT, DataDir, data_dir

PORT = 3001


class DataDirType(click.ParamType[DataDir]):
    name = "path"

    def convert(
        self,
        value: str | DataDir,
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> DataDir:
        return value if isinstance(value, DataDir) else data_dir(value)


data_dir_option = click.option(
    "--data-dir",
    "data",
    type=DataDirType(),
    default=str(DEFAULT),
    envvar="DJAMMS_DATA_DIR",
    help="Where database, objects and logs are kept.  [default: .djamms in the checkout]",
)
