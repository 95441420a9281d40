"""The checks do check: a finding stops the synthesis, an acknowledged one does not."""

from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_sqs as sqs

from infra import nag

PLAIN_QUEUE = "AwsSolutions-SQS4"  # it would answer without TLS


def app_with_a_plain_queue(folder: Path) -> tuple[App, sqs.Queue]:
    app = App(outdir=str(folder), analytics_reporting=False)
    queue = sqs.Queue(Stack(app, "Stack"), "Queue")
    nag.check(app)
    nag.acknowledge(queue, {"AwsSolutions-SQS3": "This test is not about dead letters."})
    return app, queue


def test_a_finding_stops_the_synthesis(tmp_path: Path) -> None:
    app, _ = app_with_a_plain_queue(tmp_path)

    with pytest.raises(RuntimeError, match=PLAIN_QUEUE):
        app.synth()


def test_an_acknowledged_finding_does_not(tmp_path: Path) -> None:
    app, queue = app_with_a_plain_queue(tmp_path)
    nag.acknowledge(queue, {PLAIN_QUEUE: "It carries nothing that anybody may not read."})

    assert app.synth().stacks
