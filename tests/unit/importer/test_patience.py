from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from local.importer.patience import MAX_SERVER_ERRORS, backoff, deserves_another, retry_after


@pytest.mark.parametrize(
    ("text", "expected"), [("3", 3.0), ("99999", 120.0), ("soon", None), ("", None)]
)
def test_retry_after_in_seconds(text: str, expected: float | None) -> None:
    assert retry_after(httpx.Response(503, headers={"Retry-After": text})) == expected


def test_retry_after_as_a_date() -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)

    wait = retry_after(httpx.Response(429, headers={"Retry-After": moment}))

    assert wait == pytest.approx(30, abs=2)


def test_delays_grow_and_differ() -> None:
    assert all(backoff(attempt) <= 10 for attempt in range(2000))
    assert max(backoff(0) for _ in range(50)) < min(backoff(9) for _ in range(50))
    assert len({backoff(5) for _ in range(20)}) == 20


@pytest.mark.parametrize(
    ("status", "attempts"), [(200, 0), (404, 0), (500, MAX_SERVER_ERRORS - 1), (507, 0), (503, 99)]
)
def test_only_what_may_mend_itself_is_tried_again(status: int, attempts: int) -> None:
    response = httpx.Response(status)

    assert all(deserves_another(response, attempt) for attempt in range(attempts))
    assert status == 503 or not deserves_another(response, attempts)
