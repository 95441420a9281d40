"""The application factory: what each API function is, but for its routes."""

from typing import Any

from fastapi import APIRouter, FastAPI
from mangum import Mangum

from djamms.api import errors
from djamms.api.conditional import ConditionalReplies
from djamms.api.cors import Cors
from djamms.api.middleware import RequestContext
from djamms.config import Config, Setting, config
from djamms.observability import logger

PREFLIGHT_CACHE_SECONDS = 7200
COMMON_SETTINGS: tuple[Setting[Any], ...] = (
    Config.database_url,
    Config.jwt_secret,
    Config.jwt_lifetime,
    Config.cors_allowed_origins,
    Config.api_base_url,
    Config.cdn_base_url,
)


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
        ],
        expose_headers=[
            "ETag",
            "Idempotency-Replayed",
            "Link",
            "Location",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "X-Request-Id",
            "X-Total-Count",
        ],
        max_age=PREFLIGHT_CACHE_SECONDS,
    )
    return app


def create_handler(title: str, *routers: APIRouter, settings: tuple[Setting[Any], ...] = ()) -> Any:
    """The Lambda handler for these routes; fails at start when a setting is missing."""
    config.require(*COMMON_SETTINGS, *settings)
    adapter = Mangum(create_app(title, *routers), lifespan="off")
    return logger.inject_lambda_context(
        adapter, correlation_id_path="requestContext.requestId", clear_state=True
    )
