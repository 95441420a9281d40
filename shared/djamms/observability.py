"""Logs and metrics: one JSON line per outcome, with the correlation id of its request.

Never log tokens, passwords, or whole events.
"""

from aws_lambda_powertools import Logger

logger = Logger(use_rfc3339=True, utc=True)
