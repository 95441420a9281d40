"""Every job through its handler, as schedules and `djamms` call it."""

from types import SimpleNamespace
from typing import Any

import pytest

from functions.jobs import handler as jobs

CONTEXT = SimpleNamespace(
    function_name="jobs",
    memory_limit_in_mb=1769,
    invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:jobs",
    aws_request_id="one",
)


def test_what_a_job_tells_may_be_called_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, Any] = {"name": "djamms-1", "message": "done", "args": 3}
    monkeypatch.setitem(jobs.JOBS, "reindex", lambda _event: told)

    assert jobs.handler({"job": "reindex"}, CONTEXT) == {"job": "reindex", **told}


def test_a_job_that_nobody_knows_is_named_among_those_that_are() -> None:
    with pytest.raises(ValueError, match=r"unknown job 'polish'; known: .*reindex"):
        jobs.handler({"job": "polish"}, CONTEXT)
