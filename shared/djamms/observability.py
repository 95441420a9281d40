"""Logs and metrics: one JSON line per outcome, with the correlation id of its request.

Never log tokens, passwords, or whole events.
"""

from typing import Literal

from aws_lambda_powertools import Logger

from djamms.config import Config, config

# A bad level is reported by `config.require`, with all else that is wrong.
LEVEL = "INFO" if Config.log_level.problem() else config.log_level
logger = Logger(level=LEVEL, use_rfc3339=True, utc=True)


def measure(name: str, value: float, *, unit: Literal["Count", "Seconds"], service: str) -> None:
    """A metric by itself, as a line of the log that CloudWatch reads."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # 20 ms, seldom

    with single_metric(name=name, unit=MetricUnit(unit), value=value, namespace="Djamms") as metric:
        metric.add_dimension("service", service)
