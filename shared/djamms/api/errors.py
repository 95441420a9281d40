"""The one renderer of errors: `{error, message, requestId, details}`."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from djamms.db.sqlstate import problem_of, sqlstate
from djamms.errors import DomainError, Unavailable
from djamms.invisible import escaped
from djamms.observability import logger

# https://www.postgresql.org/docs/current/errcodes-appendix.html
# No connection; no room on disk or in memory; shutting down or starting up.
# The last: a statement that the server gave up.
NOT_AVAILABLE = ("08", "53", "57P", "57014")
# Another transaction was in the way: serialization failure, deadlock.
IN_THE_WAY = ("40001", "40P01")
# Of a request with thousands of mistakes, the first ones help as much as all.
MAX_DETAILS = 20
ROUTING_ERRORS = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
}


def error_response(
    request_id: str,
    *,
    status: int,
    code: str,
    message: str,
    details: list[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    body = {
        "error": code,
        "message": escaped(message),
        "requestId": request_id,
        "details": [_shown(detail) for detail in details or ()],
    }
    return JSONResponse(body, status_code=status, headers=headers)


def _shown(detail: dict[str, Any]) -> dict[str, Any]:
    """What was sent may come back in field and reason."""
    told = {name: detail[name] for name in ("field", "reason") if name in detail}
    return detail | {name: escaped(value) for name, value in told.items() if isinstance(value, str)}


async def _domain_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DomainError)  # registered for this class only
    return error_response(
        request.state.request_id,
        status=error.status,
        code=error.code,
        message=error.message,
        details=error.details,
        headers=error.headers,
    )


async def _validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # registered for this class only
    problems = error.errors()
    details = [_detail(problem) for problem in problems[:MAX_DETAILS]]
    if more := len(problems) - len(details):
        details.append({"field": "", "reason": f"and {more} more"})
    summary = "; ".join(
        f"{d['field']}: {d['reason']}" if d["field"] else d["reason"] for d in details
    )
    return error_response(
        request.state.request_id,
        status=422,
        code="validation_failed",
        message=f"The request is not valid. {summary}"[:500],
        details=details,
    )


def _detail(problem: dict[str, Any]) -> dict[str, str]:
    """Field and reason; the location begins with where (body, query, path), which says no more."""
    if problem["type"] == "json_invalid":
        return {"field": "", "reason": f"not JSON at character {problem['loc'][-1]}"}
    field = ".".join(str(part) for part in problem["loc"][1:])
    return {"field": field, "reason": problem["msg"].removeprefix("Value error, ")}


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # registered for this class only
    code, message = ROUTING_ERRORS.get(error.status_code, ("bad_request", str(error.detail)))
    return error_response(
        request.state.request_id,
        status=error.status_code,
        code=code,
        message=message,
        headers={**(error.headers or {}), **_allowed(request, error.status_code)},
    )


def _allowed(request: Request, status: int) -> dict[str, str]:
    """All methods of the address: the router names those of the first of its routes."""
    if status != 405:
        return {}
    known = (one for one in request.app.state.routes if one.matches(request.scope)[0] != Match.NONE)
    methods = {method for route in known for method in getattr(route, "methods", ())}
    methods |= {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
    return {"Allow": ", ".join(sorted(methods))}


async def _database_down(request: Request, error: Exception) -> JSONResponse:
    logger.exception("database_unavailable", exc_info=error)
    return await _domain_error(
        request, Unavailable("The database does not answer. Try again soon.")
    )


async def _database_busy(request: Request, error: Exception) -> JSONResponse:
    logger.warning("database_conflict", exc_info=error)
    return await _domain_error(
        request, Unavailable("Another change was made at the same time. Try again soon.")
    )


async def _database_error(request: Request, error: Exception) -> JSONResponse:
    """What PostgreSQL says of a value is the caller's to mend, what it says of itself is ours."""
    assert isinstance(error, DBAPIError)  # registered for this class only
    if problem := problem_of(error):
        return await _domain_error(request, problem)
    if sqlstate(error).startswith(NOT_AVAILABLE):
        return await _database_down(request, error)
    if sqlstate(error) in IN_THE_WAY:
        return await _database_busy(request, error)
    raise error


def install(app: FastAPI) -> None:
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(DBAPIError, _database_error)
    app.add_exception_handler(OperationalError, _database_down)
    app.add_exception_handler(InterfaceError, _database_down)
    app.add_exception_handler(TimeoutError, _database_down)  # the driver's, of a slow statement
