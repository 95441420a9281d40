"""CORS, whose refusals have the one error shape too."""

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Receive, Scope, Send

from djamms.api.errors import error_response
from djamms.api.middleware import request_id_of

# With the body's own length and type, which are those of a text, left out.
OF_THE_BODY = frozenset({"content-length", "content-type"})


class Cors(CORSMiddleware):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        is_preflight = "origin" in headers and "access-control-request-method" in headers
        if not (is_preflight and scope["method"] == "OPTIONS"):
            await super().__call__(scope, receive, send)
            return
        response = self.preflight_response(headers)
        if response.status_code >= 400:
            kept = {k: v for k, v in response.headers.items() if k not in OF_THE_BODY}
            response = error_response(
                request_id_of(scope),
                status=response.status_code,
                code="cors_refused",
                message=f"{bytes(response.body).decode()}: it is not among those allowed here.",
                headers=kept,
            )
        await response(scope, receive, send)
