"""Bases of request and response models: camelCase outside, snake_case inside."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer, field_validator
from pydantic.alias_generators import to_camel

from djamms.invisible import is_blank


class RequestModel(BaseModel):
    """What a client sends: camelCase or snake_case; an unknown field is an error."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        str_strip_whitespace=True,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _blank_is_empty(cls, value: Any) -> Any:
        """A text that shows nothing is no text: where one is required, it is missing."""
        return "" if isinstance(value, str) and is_blank(value) else value


class ResponseModel(BaseModel):
    """What we answer. No defaults: a forgotten field fails here, not at the client."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )


def utc_text(moment: datetime) -> str:
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")[: -len("+00:00")] + "Z"


UtcTime = Annotated[datetime, PlainSerializer(utc_text, return_type=str, when_used="json")]


class Deleted(ResponseModel):
    """What a DELETE answers: the frontend parses a JSON object, so a 204 would break it."""

    id: str
    deleted: bool


class ErrorReply(ResponseModel):
    error: str
    message: str
    request_id: str
    details: list[dict[str, Any]]
