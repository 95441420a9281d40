"""docs/configuration.md: what can be set, as a table made from the code."""

from pathlib import Path

from djamms.config import ALL, API, RESERVED, Setting, settings

DOCUMENT = Path(__file__).parent.parent / "docs" / "configuration.md"
INTRODUCTION = """# Configuration

Made from `shared/djamms/config.py` by `djamms config`. A function reads the settings whose row
names it, and fails at start with a sentence for each that is missing, malformed or refused;
`djamms up` looks at what your environment states before it starts anything.

- **On a laptop** set the variable itself; it reaches the functions that read it. What the stack
  makes, or nothing reads, is named in one line at start.
- **Deployed** `settings` in `infra/config.py` holds what may differ, per environment; it reaches
  the functions that read it. The infrastructure states what it makes.
- **A secret** is an entry in Secrets Manager; its right variable takes the ARN or the name.

| variable | or, as a secret | default | what it is | read by | when deployed | on a laptop |
|---|---|---|---|---|---|---|
"""


def render() -> str:
    return INTRODUCTION + "".join(_row(setting) for setting in settings())


def _row(setting: Setting[object]) -> str:
    cells = (
        f"`{setting.name}`" + (f", `{setting.alias}`" if setting.alias else ""),
        f"`{setting.secret}`" if setting.secret else "",
        _default(setting),
        setting.doc,
        _readers(setting),
        _deployed(setting),
        _local(setting),
    )
    return f"| {' | '.join(cells)} |\n"


def _default(setting: Setting[object]) -> str:
    if setting.default is None:
        return "needed"
    return f"`{setting.default}`" if setting.default else "none"


def _readers(setting: Setting[object]) -> str:
    if setting.readers == ALL:
        return "every function"
    if setting.readers == API:
        return "every function of the API"
    return ", ".join(setting.readers) or "nothing yet: its form is checked, that is all"


def _deployed(setting: Setting[object]) -> str:
    if setting.refused:
        return f"refused: {setting.refused}"
    if setting.made:
        return "stated by the infrastructure"
    return "`infra/config.py`" if setting.readers else "not set"


def _local(setting: Setting[object]) -> str:
    if setting.made:
        return "the stack makes its own"
    if setting.refused == RESERVED:
        return "functions get credentials of their own"
    return "your environment" if setting.readers else "checked, not used"
