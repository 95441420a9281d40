from collections.abc import Iterator
from datetime import datetime

import pytest

from djamms import clock
from tests.support.venue import at


class Now:
    """What time it is."""

    moment: datetime

    def become(self, moment: datetime) -> None:
        self.moment = moment


@pytest.fixture(autouse=True)
def now() -> Iterator[Now]:
    """Friday, 12:00 in UTC, until a test moves it."""
    time = Now()
    time.become(at("12:00"))
    clock.set_clock(lambda: time.moment)
    yield time
    clock.set_clock(None)
