"""Logs and metrics: one JSON line per outcome, with the correlation id of its request.

Never log tokens, passwords, or whole events.
"""

from aws_lambda_powertools import Logger

from djamms.config import Config, config

# A bad level is reported by `config.require`, with all else that is wrong.
LEVEL = "INFO" if Config.log_level.problem() else config.log_level
logger = Logger(level=LEVEL, use_rfc3339=True, utc=True)
