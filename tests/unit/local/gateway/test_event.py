"""The event that a proxy function gets."""

import json
from typing import Any

from local.assembly import Api, Route
from local.gateway_event import HttpRequest, build_event, raw_path
from local.gateway_routes import Match

API = Api("api", (), {}, None, ("multipart/form-data", "image/*"), "prod")
MATCH = Match(Route("ANY", "/api/x/{proxy+}", "x", 29.0), {"proxy": "y"})


def event(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "method": "GET",
        "path": "/api/x/y",
        "query": "",
        "headers": (("host", "localhost:3001"),),
        "body": b"",
        "client": "127.0.0.9",
        "protocol": "HTTP/1.1",
    }
    body: dict[str, Any] = json.loads(
        build_event(HttpRequest(**{**given, **changes}), MATCH, API, "id-1")
    )
    return body


def test_names_the_route_and_the_request() -> None:
    made = event()

    assert made["resource"] == "/api/x/{proxy+}"
    assert (made["path"], made["httpMethod"]) == ("/api/x/y", "GET")
    assert made["pathParameters"] == {"proxy": "y"}
    assert made["requestContext"]["requestId"] == "id-1"
    assert made["requestContext"]["identity"]["sourceIp"] == "127.0.0.9"


def test_decodes_the_query_and_keeps_every_value() -> None:
    made = event(query="a=1&a=2&b=x%20y&empty=")

    assert made["queryStringParameters"] == {"a": "2", "b": "x y", "empty": ""}
    assert made["multiValueQueryStringParameters"]["a"] == ["1", "2"]


def test_says_null_where_there_is_nothing() -> None:
    made = event()

    assert made["queryStringParameters"] is None
    assert made["multiValueQueryStringParameters"] is None
    assert made["body"] is None


def test_keeps_every_value_of_a_header() -> None:
    made = event(headers=(("x-a", "1"), ("x-a", "2"), ("connection", "close")))

    assert made["multiValueHeaders"]["x-a"] == ["1", "2"]
    assert made["headers"]["x-a"] == "2"
    assert "connection" not in made["headers"]


def test_appends_the_client_to_the_forwarded_addresses() -> None:
    made = event(headers=(("x-forwarded-for", "1.2.3.4"),))

    assert made["headers"]["x-forwarded-for"] == "1.2.3.4, 127.0.0.9"


def test_sends_a_binary_body_as_base64() -> None:
    headers = (("content-type", "multipart/form-data; boundary=x"),)

    made = event(headers=headers, body=b"\xff")

    assert (made["body"], made["isBase64Encoded"]) == ("/w==", True)


def test_sends_any_other_body_as_text() -> None:
    made = event(headers=(("content-type", "application/json"),), body='{"a":"ü"}'.encode())

    assert (made["body"], made["isBase64Encoded"]) == ('{"a":"ü"}', False)


def test_keeps_an_encoded_path_and_encodes_raw_bytes() -> None:
    assert raw_path({"raw_path": b"/a%2Fb"}) == "/a%2Fb"
    assert raw_path({"raw_path": "/ü b".encode()}) == "/%C3%BC%20b"
