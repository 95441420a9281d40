"""What the surroundings say, looked at before anything is started."""

from collections.abc import Mapping

from djamms.config import RESERVED, settings
from local.errors import LocalError

# In the order in which they are told.
MADE = "the stack makes its own"
GIVEN = "functions get credentials of their own"
UNREAD = "nothing reads it yet"


def check(environment: Mapping[str, str]) -> None:
    """Raises LocalError with a sentence for each setting that is malformed."""
    problems = [
        problem
        for setting in settings()
        if setting.stated(environment) and (problem := setting.problem(environment))
    ]
    if problems:
        raise LocalError("\n".join(f"{problem}." for problem in problems))


def unused(environment: Mapping[str, str]) -> str:
    """One line about what is set and has no effect here; "" when there is nothing to say."""
    found: dict[str, list[str]] = {MADE: [], GIVEN: [], UNREAD: []}
    for setting in settings():
        names = [n for n in (setting.name, setting.alias) if n and environment.get(n)]
        if setting.made:
            found[MADE] += names
        elif setting.refused == RESERVED:
            found[GIVEN] += names
        elif not setting.readers:
            found[UNREAD] += names
    told = [f"{', '.join(names)} ({reason})" for reason, names in found.items() if names]
    return f"  Set, and not used here: {'; '.join(told)}." if told else ""
