"""A laptop's clock that is moved to try schedules must not make its data old."""

from types import SimpleNamespace
from typing import Any

import pytest

from djamms.config import config
from functions.jobs import handler as jobs

CONTEXT = SimpleNamespace(
    function_name="jobs",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:jobs",
    aws_request_id="request",
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that were done."""
    done: list[str] = []

    def note(event: dict[str, Any]) -> dict[str, Any]:
        done.append(event["job"])
        return {}

    monkeypatch.setattr(jobs, "JOBS", dict.fromkeys(jobs.JOBS, note))
    return done


@pytest.mark.parametrize(("seconds", "left_out"), [(60, 2), (0, 0), (-60, 0)])
def test_nothing_is_deleted_for_its_age_while_the_clock_is_ahead(
    run: list[str], monkeypatch: pytest.MonkeyPatch, seconds: int, left_out: int
) -> None:
    monkeypatch.setitem(config.__dict__, "clock_offset_seconds", seconds)

    told = [jobs.handler({"job": job}, CONTEXT) for job in list(jobs.JOBS)]

    assert sum("left_out" in one for one in told) == left_out
    assert set(jobs.JOBS) - set(run) == (jobs.AGEING if left_out else set())
