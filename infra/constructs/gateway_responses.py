"""The gateway's own errors, in the error shape of the API and readable from any origin.

No credentials are used, so `*` tells nothing to anybody who should not know.
"""

import json
from dataclasses import dataclass

from aws_cdk import aws_apigateway as apigateway

type Kind = apigateway.ResponseType


@dataclass(frozen=True, slots=True)
class Answer:
    code: str
    message: str
    status: int | None = None  # None keeps the gateway's own


def add_gateway_responses(api: apigateway.RestApi) -> None:
    kinds = apigateway.ResponseType
    answers = {
        "Default4xx": (kinds.DEFAULT_4_XX, Answer("bad_request", "The request is malformed.")),
        "Default5xx": (kinds.DEFAULT_5_XX, Answer("internal_error", "Something went wrong here.")),
        "NoRoute": (
            # What the gateway calls a missing token is a path that it does not know.
            kinds.MISSING_AUTHENTICATION_TOKEN,
            Answer("not_found", "There is nothing at this address.", 404),
        ),
        "Forbidden": (kinds.ACCESS_DENIED, Answer("forbidden", "This is not allowed.")),
        "Filtered": (kinds.WAF_FILTERED, Answer("forbidden", "The firewall refused this.")),
        "TooLarge": (
            kinds.REQUEST_TOO_LARGE,
            Answer("payload_too_large", "The request is too large."),
        ),
        "Throttled": (kinds.THROTTLED, Answer("rate_limited", "Too many requests. Wait a moment.")),
        "Timeout": (kinds.INTEGRATION_TIMEOUT, Answer("timeout", "The answer took too long.")),
        "Failure": (
            kinds.INTEGRATION_FAILURE,
            Answer("unavailable", "The service did not answer.", 503),
        ),
    }
    for name, (kind, answer) in answers.items():
        _add(api, name, kind, answer)


def _add(api: apigateway.RestApi, name: str, kind: Kind, answer: Answer) -> None:
    body = {
        "error": answer.code,
        "message": answer.message,
        "requestId": "$context.requestId",
        "details": [],
    }
    api.add_gateway_response(
        name,
        type=kind,
        status_code=str(answer.status) if answer.status else None,
        response_headers={"Access-Control-Allow-Origin": "'*'"},
        templates={"application/json": json.dumps(body)},
    )
