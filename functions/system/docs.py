"""The API's own documentation: Swagger UI from a package, without any outside asset."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import Response
from fastapi.responses import HTMLResponse

from djamms.api.route import create_router, public
from djamms.errors import NotFound

DOCUMENT = Path(__file__).with_name("openapi.json")
ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}
KEPT_A_DAY = {"Cache-Control": "public, max-age=86400"}
PAGE_POLICY = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; frame-ancestors 'none'"
}
PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>DJAMMS API</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
  <main id="api"><noscript>The documentation needs JavaScript. The description itself is at
  <a href="/api/openapi.json">/api/openapi.json</a>.</noscript></main>
  <script src="/api/docs/swagger-ui-bundle.js"></script>
  <script src="/api/docs/start.js"></script>
</body>
</html>
"""
START = (
    'SwaggerUIBundle({url: "/api/openapi.json", dom_id: "#api", deepLinking: true, '
    "displayRequestDuration: true, filter: true, persistAuthorization: true})\n"
)

router = create_router("/api", tag="docs")


@router.get("/openapi.json", openapi_extra=public(), include_in_schema=False)
async def description() -> Response:
    return Response(_document(), media_type="application/json")


@router.get("/docs", openapi_extra=public(), include_in_schema=False)
async def page() -> HTMLResponse:
    return HTMLResponse(PAGE, headers=PAGE_POLICY)


@router.get("/docs/start.js", openapi_extra=public(), include_in_schema=False)
async def start() -> Response:
    return Response(START, media_type="text/javascript", headers=KEPT_A_DAY)


@router.get("/docs/{name}", openapi_extra=public(), include_in_schema=False)
async def asset(name: str) -> Response:
    if name not in ASSETS:
        raise NotFound("There is no such page.")
    body = (files("fastapi_offline") / "static" / name).read_bytes()
    return Response(body, media_type=ASSETS[name], headers=KEPT_A_DAY)


@cache
def _document() -> bytes:
    return DOCUMENT.read_bytes()
