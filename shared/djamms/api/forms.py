"""Bodies that come as JSON or, with a file, as a form: read by hand, refused like any other."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile

from djamms.errors import Unprocessable

MULTIPART = "multipart/form-data"


def is_form(request: Request) -> bool:
    """Raises Unprocessable for letters that are not UTF-8."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    charset = options.get(b"charset", b"utf-8").decode("latin-1").lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise invalid({"Content-Type": "send UTF-8"})
    return kind.decode("latin-1").lower() == MULTIPART


def described(schema: str, properties: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    """For a route's description: JSON of a schema, or a form with a file and `properties`."""
    form = {"file": {"type": "string", "format": "binary"}, **properties}
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}},
                MULTIPART: {
                    "schema": {"type": "object", "required": ["file"], "properties": form},
                    "example": example,
                },
            },
        }
    }


def one_file(form: FormData, others: Collection[str], problems: dict[str, str]) -> UploadFile:
    """Raises Unprocessable, with `problems` besides: nothing that was sent is passed over."""
    stated, file = Counter(name for name, _ in form.multi_items()), form.get("file")
    fields = ", ".join(["file", *others])
    unknown = stated.keys() - {"file", *others}
    problems |= {name[:50]: "send it once" for name, count in stated.items() if count > 1}
    problems |= {name[:50]: f"a form has {fields} only" for name in unknown}
    if not isinstance(file, UploadFile):
        problems["file"] = "send one file under this name"
    if problems or not isinstance(file, UploadFile):
        raise invalid(problems)
    return file


def invalid(problems: dict[str, str]) -> Unprocessable:
    """`problems`: what is wrong with each field."""
    message = "; ".join(f"{field}: {reason}" for field, reason in problems.items())
    details = [{"field": field, "reason": reason} for field, reason in problems.items()]
    return Unprocessable(message[:500], details=details)


def read[Model: BaseModel](model: type[Model], sent: bytes | dict[str, Any]) -> Model:
    """JSON, or the fields of a form. Raises as FastAPI does: the same status, shape and words."""
    try:
        if isinstance(sent, bytes):
            return model.model_validate_json(sent or b"{}")
        return model.model_validate(sent)
    except ValidationError as error:
        problems: list[dict[str, Any]] = [
            {**problem, "loc": ("body", *(problem["loc"] or (0,)))}
            for problem in error.errors(include_url=False, include_input=False)
        ]
        raise RequestValidationError(problems) from error
