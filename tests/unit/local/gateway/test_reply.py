"""HTTP replies from what functions return, and the gateway's own errors."""

import gzip
import json
from typing import Any

import pytest

from local.assembly import Api, GatewayResponse
from local.gateway_event import HttpRequest
from local.gateway_reply import (
    NO_ROUTE,
    THROTTLED,
    MalformedReply,
    Reply,
    compressed,
    function_reply,
    refusal_reply,
)

TEMPLATE = '{"error":"x","message":$context.error.messageString,"requestId":"$context.requestId"}'
CORS = {"Access-Control-Allow-Origin": "*"}
RESPONSES = {
    "DEFAULT_4XX": GatewayResponse("DEFAULT_4XX", None, CORS, {"application/json": TEMPLATE}),
    "THROTTLED": GatewayResponse("THROTTLED", 503, {}, {}),
}
API = Api("api", (), RESPONSES, 100, ("image/*",), "prod")


def asking(**headers: str) -> HttpRequest:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return HttpRequest("GET", "/x", "", pairs, b"", "127.0.0.1", "HTTP/1.1")


def reply(returned: Any, request: HttpRequest | None = None) -> Reply:
    return function_reply(json.dumps(returned).encode(), request or asking(), API)


def test_sends_every_value_of_a_header() -> None:
    returned = {
        "statusCode": 200,
        "headers": {"Link": "lost", "X-One": "1"},
        "multiValueHeaders": {"link": ["a", "b"]},
    }

    sent = reply(returned).headers

    assert [value for name, value in sent if name == b"link"] == [b"a", b"b"]
    assert (b"x-one", b"1") in sent


def test_says_json_where_the_function_says_nothing() -> None:
    assert (b"content-type", b"application/json") in reply({"statusCode": 200}).headers


def test_renames_headers_that_belong_to_the_gateway() -> None:
    sent = reply({"statusCode": 401, "headers": {"WWW-Authenticate": "Bearer"}}).headers

    assert (b"x-amzn-remapped-www-authenticate", b"Bearer") in sent


def test_decodes_a_binary_body_for_who_accepts_it() -> None:
    returned = {"statusCode": 200, "body": "/w==", "isBase64Encoded": True}

    assert reply(returned, asking(accept="image/png")).body == b"\xff"
    assert reply(returned, asking(accept="text/html")).body == b"/w=="


@pytest.mark.parametrize(
    "returned",
    [
        None,
        [],
        "text",
        {},
        {"statusCode": "many"},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "headers": ["x"]},
        {"statusCode": 200, "headers": {"x": "a\r\nset-cookie: b"}},
    ],
)
def test_refuses_what_is_no_proxy_response(returned: Any) -> None:
    with pytest.raises(MalformedReply):
        reply(returned)


def test_renders_the_configured_response() -> None:
    made = refusal_reply(NO_ROUTE, API, asking(), "id-1")

    body = json.loads(made.body)
    assert made.status == 403
    assert body == {"error": "x", "message": "Missing Authentication Token", "requestId": "id-1"}
    assert (b"access-control-allow-origin", b"*") in made.headers


def test_prefers_the_response_of_its_own_type() -> None:
    made = refusal_reply(THROTTLED, API, asking(), "id-1")

    assert made.status == 503
    assert json.loads(made.body) == {"message": "Too Many Requests"}


def test_compresses_from_the_minimum_size_up() -> None:
    large, small = Reply(200, [], b"x" * 100), Reply(200, [], b"x" * 99)
    request = asking(accept_encoding="br, gzip;q=0.8")

    packed = compressed(large, request, 100)

    assert gzip.decompress(packed.body) == large.body
    assert (b"content-encoding", b"gzip") in packed.headers
    assert compressed(small, request, 100) is small


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br"])
def test_does_not_compress_for_who_does_not_accept_it(accepted: str) -> None:
    large = Reply(200, [], b"x" * 100)

    assert compressed(large, asking(accept_encoding=accepted), 100) is large
