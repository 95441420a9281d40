"""`djamms logs`"""

import json
from typing import Any

import click

from local.commands.options import data_dir_option
from local.logs import REQUEST_KEYS, matches, parsed, read
from local.paths import DataDir

COLORS = {"ERROR": "red", "CRITICAL": "red", "WARNING": "yellow"}
# Shown in front, or the same on every line.
PLAIN = {"timestamp", "level", "function", "message", "service", "location", *REQUEST_KEYS}
PLAIN |= {
    "cold_start",
    "function_name",
    "function_memory_size",
    "function_arn",
    "xray_trace_id",
    "taskName",
}


@click.command()
@data_dir_option
@click.option("--follow", "-f", is_flag=True, help="Wait for more.")
@click.option("--function", help="Only this function; `gateway` is the API's access log.")
@click.option("--request-id", help="Only one request, through all functions that it reached.")
@click.option("--last", "-n", type=int, help="How many lines to begin with.  [default: all]")
@click.option("--json", "as_json", is_flag=True, help="The lines as they were written.")
def logs(
    data: DataDir,
    *,
    follow: bool,
    function: str | None,
    request_id: str | None,
    last: int | None,
    as_json: bool,
) -> None:
    """Show the logs of all functions in one stream."""
    for line in read(data.logs, last=last, follow=follow):
        entry = parsed(line)
        is_metric = "_aws" in entry  # CloudWatch's embedded metric format: figures, not words
        if (as_json or not is_metric) and matches(entry, function=function, request_id=request_id):
            click.echo(line, nl=False) if as_json else _print(entry)


def _print(entry: dict[str, Any]) -> None:
    level = str(entry.get("level", "INFO"))
    head = f"{str(entry.get('timestamp', ''))[11:23]} {entry.get('function', '')!s:<10}"
    request = next((str(entry[key])[:8] for key in REQUEST_KEYS if entry.get(key)), "")
    rest = " ".join(
        f"{key}={value if isinstance(value, str) else json.dumps(value)}"
        for key, value in entry.items()
        if key not in PLAIN
    )
    message = click.style(str(entry.get("message", "")), fg=COLORS.get(level))
    click.echo(f"{head} {request:<8} {message} {rest}".rstrip())
