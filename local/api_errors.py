"""Errors in docs/openapi.json: what an operation can answer follows from what it states of itself.

An example of each is in `djamms.api.examples`.
"""

from collections.abc import Iterator

from djamms.api import limits
from djamms.api.examples import REQUEST_ID
from djamms.api.route import EXTENSION as PERMISSION
from djamms.api.route import PUBLIC, SIGNED_IN
from djamms.api.schema import ErrorReply
from djamms.errors import DomainError
from local.api_examples import JSON, REFERENCE, Json, plain

TITLES = {
    400: "The request makes no sense here.",
    401: "Nobody is signed in, or the token is invalid.",
    403: "The caller may not do this.",
    404: "There is no such thing, or the caller may not see it.",
    409: "It cannot be done as things are.",
    412: "The thing has changed since the caller read it.",
    413: "The body is too large.",
    422: "The request is not valid; `details` names the fields.",
    429: "Too many requests.",
    501: "This version does not offer this yet.",
    503: "A part of the system does not answer.",
}


def names(path: str, operation: Json) -> Iterator[str]:
    """Of `djamms.api.examples.ERRORS`; what fits best comes first where two have one status."""
    yield "InvalidToken"
    if operation[PERMISSION] not in {PUBLIC, SIGNED_IN}:
        yield f"Needs-{operation[PERMISSION].replace(':', '-')}"
    if limits.EXTENSION in operation:
        yield "TooManyRequests"
    if "501" not in operation["responses"]:
        yield from _of_input(path, operation)
    yield "Unavailable"


def _of_input(path: str, operation: Json) -> Iterator[str]:
    body = operation.get("requestBody", {}).get("content", {})
    parameters = {parameter["name"] for parameter in operation.get("parameters", ())}
    possible = {
        "BadCursor": "cursor" in parameters,
        "BadIdempotencyKey": "Idempotency-Key" in parameters,
        "NoPlaylist": "{playlist_id}" in path,
        "NoTrack": "{track_id}" in path,
        "NotFound": "{" in path,
        "BadBody": bool(body),
        "FileTooLarge": "multipart/form-data" in body,
        "BodyTooLarge": bool(body),
        "InvalidBody": bool(body),
        "InvalidLimit": "limit" in parameters,
        "InvalidPlaylistId": "{playlist_id}" in path,
        "InvalidTrackId": "{track_id}" in path,
        "Invalid": bool(parameters),
    }
    yield from (name for name, is_possible in possible.items() if is_possible)


def error_response(error: DomainError) -> Json:
    """A response object with the body that this error is rendered as."""
    body = ErrorReply(
        error=error.code, message=error.message, request_id=REQUEST_ID, details=error.details
    )
    schema = {"$ref": REFERENCE + "ErrorReply"}
    response: Json = {
        "description": TITLES[error.status],
        "content": {JSON: {"schema": schema, "example": plain(body)}},
    }
    if error.headers:
        response["headers"] = {
            name: {"schema": {"type": "string"}, "example": value}
            for name, value in error.headers.items()
        }
    return response


def stated_response(status: int, description: str) -> Json:
    """Of an error that a route states: its description is what the caller is told."""
    [kind] = [one for one in DomainError.__subclasses__() if one.status == status]
    return error_response(kind(description)) | {"description": description}
