"""The headers of each reply, from what the operation states about itself."""

from http import HTTPStatus

from djamms.api import idempotency, limits
from local.api_examples import Json

TEXTS = {
    "X-Request-Id": "Names this request in the logs: quote it in a report.",
    "ETag": "Send it back as If-None-Match: 304 while nothing has changed; or with a PUT of this "
    "thing as If-Match: 412 when it has.",
    "Location": "The address of what was made, where that is one thing.",
    "Link": "The `next` page (not on the last one), `prev` by number, `first` (RFC 8288).",
    "X-Total-Count": "How many there are on all pages.",
    "RateLimit-Limit": "How many requests a caller has in one window.",
    "RateLimit-Remaining": "How many are left in this one.",
    "RateLimit-Reset": "Seconds until the next window begins.",
    "Idempotency-Replayed": "`true` when this reply was kept from an earlier request.",
}
NUMBERS = {"X-Total-Count", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}
EXAMPLES = {
    "X-Request-Id": "4f0c9a53-6c1e-4d7c-9d1b-0d6d1c9a7a11",
    "ETag": 'W/"9b2fd1c0a4e87d5512c3ab64"',
    "Location": "/api/playlists/a94d3b1e-6c27-4e5b-8c0d-2f1a7b6e9d33",
    "Link": '<https://api.example.com/api/music/tracks?cursor=WyJhZGRlZCJd>; rel="next"',
    "X-Total-Count": 1284,
    "RateLimit-Limit": 600,
    "RateLimit-Remaining": 599,
    "RateLimit-Reset": 42,
    "Idempotency-Replayed": "true",
}


def describe(method: str, operation: Json) -> None:
    """Names the headers of the successful replies, and says which success a status is."""
    for status, response in operation["responses"].items():
        if status.isdigit() and int(status) < 400:
            if response["description"] == "Successful Response":
                response["description"] = HTTPStatus(int(status)).phrase
            for name in names(method, operation, int(status)):
                response.setdefault("headers", {})[name] = {
                    "description": TEXTS[name],
                    "schema": {"type": "integer" if name in NUMBERS else "string"},
                    "example": EXAMPLES[name],
                }


def names(method: str, operation: Json, status: int) -> list[str]:
    words = {parameter["name"] for parameter in operation.get("parameters", [])}
    found = ["X-Request-Id"]
    if method == "get" and status == HTTPStatus.OK:
        found.append("ETag")
    if "cursor" in words:
        found += ["Link", "X-Total-Count"]
    if status == HTTPStatus.CREATED and operation.get(idempotency.EXTENSION):
        found += ["Location", "Idempotency-Replayed"]
    if operation.get(limits.EXTENSION):
        found += ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]
    return found


def complete_not_modified(operation: Json) -> None:
    """A GET that has an ETag also answers 304, without a body."""
    if "ETag" in operation["responses"].get("200", {}).get("headers", {}):
        operation["responses"]["304"] = {"description": HTTPStatus.NOT_MODIFIED.phrase}
