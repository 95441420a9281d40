"""The application factory: what each API function is, but for its routes."""

from typing import Any

from fastapi import APIRouter, FastAPI
from mangum import Mangum

from djamms import settle
from djamms.api import errors
from djamms.api.conditional import ConditionalReplies
from djamms.api.cors import Cors
from djamms.api.middleware import RequestContext
from djamms.config import config
from djamms.observability import logger

# Text, which must not leave as base64: API Gateway turns back only what it knows to be binary.
TEXT_TYPES = ("text/", "application/json", "application/javascript", "application/xml")
PLAYLIST_TYPES = ("audio/x-mpegurl", "application/xspf+xml")
PREFLIGHT_CACHE_SECONDS = 7200


def create_app(title: str, *routers: APIRouter) -> FastAPI:
    app = FastAPI(
        title=title,
        openapi_url=None,
        redirect_slashes=False,
        strict_content_type=False,
    )
    for router in routers:
        app.include_router(router)
    app.state.routes = [route for router in routers for route in router.routes]
    errors.install(app)
    app.add_middleware(ConditionalReplies)
    app.add_middleware(RequestContext)
    app.add_middleware(
        Cors,
        allow_origins=config.cors_allowed_origins,
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=[
            "authorization",
            "content-type",
            "idempotency-key",
            "if-match",
            "if-none-match",
            "prefer",
            "x-session-id",
        ],
        expose_headers=[
            "ETag",
            "Idempotency-Replayed",
            "Link",
            "Location",
            "Preference-Applied",
            "RateLimit-Limit",
            "RateLimit-Policy",
            "RateLimit-Remaining",
            "RateLimit-Reset",
            "Retry-After",
            "X-Request-Id",
            "X-Total-Count",
        ],
        max_age=PREFLIGHT_CACHE_SECONDS,
    )
    return app


def create_handler(name: str, *routers: APIRouter) -> Any:
    """The Lambda handler for these routes; fails at start when a setting is missing or bad."""
    config.require(name)
    adapter = Mangum(
        create_app(name, *routers), lifespan="off", text_mime_types=[*TEXT_TYPES, *PLAYLIST_TYPES]
    )
    settle()
    return logger.inject_lambda_context(
        adapter, correlation_id_path="requestContext.requestId", clear_state=True
    )
