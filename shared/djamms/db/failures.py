"""Whatever our own database refuses or does not answer."""

from sqlalchemy.exc import SQLAlchemyError as DatabaseFailure

__all__ = ["DatabaseFailure"]
