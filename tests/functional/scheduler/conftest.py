from datetime import datetime
from types import SimpleNamespace

import pytest

from djamms.scheduler import overrides, ranges
from tests.support.venue import at


class Now:
    """What time it is."""

    moment: datetime

    def become(self, moment: datetime) -> None:
        self.moment = moment


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    """Friday, 12:00 in UTC, until a test moves it: for the plan alone, so that tokens stay good."""
    time = Now()
    time.become(at("12:00"))
    for module in (overrides, ranges):
        monkeypatch.setattr(module, "clock", SimpleNamespace(now=lambda: time.moment))
    return time
