"""docs/configuration.md: what can be set, as a table made from the code."""

from pathlib import Path

from djamms.config import Setting, settings

DOCUMENT = Path(__file__).parent.parent / "docs" / "configuration.md"
INTRODUCTION = """# Configuration

Made from `shared/djamms/config.py` by `djamms config`. A function names the settings that it needs,
and fails at start with one sentence that lists all that is missing or malformed.

The right variable of a secret takes the ARN or the name of an entry in Secrets Manager; when
deployed only that one is set. Names that a Lambda refuses are marked with the reason.

| variable | or, as a secret | default | what it is | when deployed |
|---|---|---|---|---|
"""


def render() -> str:
    return INTRODUCTION + "".join(_row(setting) for setting in settings())


def _row(setting: Setting[object]) -> str:
    name = f"`{setting.name}`" + (f", `{setting.alias}`" if setting.alias else "")
    secret = f"`{setting.secret}`" if setting.secret else ""
    default = f"`{setting.default}`" if setting.default else "none"
    if setting.default is None:
        default = "needed"
    refused = f"refused: {setting.refused}" if setting.refused else ""
    return f"| {name} | {secret} | {default} | {setting.doc} | {refused} |\n"
