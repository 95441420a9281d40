"""The gateway in front of real workers, over real HTTP."""

import base64
import gzip
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from local.gateway_reply import Reply
from local.invocation import Throttled
from local.worker import State
from tests.contract.local.stage import Server, Stage, eventually, probe
from tests.unit.local.assemblies import Template, having, sample

ENTRIES: list[dict[str, Any]] = []


def template() -> Template:
    slow = having(
        sample(), 1000, "ProbeProxyMethod", "Properties", "Integration", "TimeoutInMillis"
    )
    return having(slow, ["image/png"], "Api", "Properties", "BinaryMediaTypes")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("gateway")
    with Stage(folder, template(), max_workers=2, max_wait_seconds=0.5) as stage:
        yield stage


@pytest.fixture(scope="module")
def server(stage: Stage) -> Iterator[Server]:
    server = stage.gateway(access_log=ENTRIES.append)
    yield server
    server.close()


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def assert_own_error(response: httpx.Response, status: int, message: str) -> None:
    assert response.status_code == status
    assert response.json()["message"] == message
    assert response.json()["requestId"] == response.headers["x-amzn-requestid"]
    assert response.headers["access-control-allow-origin"] == "*"


def test_hands_the_request_to_the_function(client: httpx.Client) -> None:
    event = client.get("/api/probe/a%2Fb/ü?q=1&q=2", headers={"x-test": "yes"}).json()

    assert event["path"] == "/api/probe/a%2Fb/%C3%BC"
    assert event["pathParameters"] == {"proxy": "a%2Fb/%C3%BC"}
    assert event["multiValueQueryStringParameters"] == {"q": ["1", "2"]}
    assert event["headers"]["x-test"] == "yes"
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_passes_every_method(client: httpx.Client, method: str) -> None:
    assert client.request(method, "/api/probe").json()["httpMethod"] == method


def test_answers_head_without_a_body(client: httpx.Client) -> None:
    response = client.head("/api/probe")

    assert response.status_code == 200
    assert response.content == b""
    assert int(response.headers["content-length"]) > 0


def test_accepts_a_json_content_type_with_an_empty_body(client: httpx.Client) -> None:
    headers = {"content-type": "application/json"}

    assert client.get("/api/probe", headers=headers).json()["body"] is None


def test_returns_status_headers_and_body(client: httpx.Client) -> None:
    reply = {
        "statusCode": 201,
        "headers": {"X-One": "1"},
        "multiValueHeaders": {"Link": ["a", "b"]},
        "body": "made",
    }

    response = probe(client, {"return": reply})

    assert (response.status_code, response.text) == (201, "made")
    assert response.headers.get_list("link") == ["a", "b"]
    assert response.headers["x-one"] == "1"


@pytest.mark.parametrize("path", ["/", "/api", "/nope", "/api/probe/", "/api/probe%2Fx"])
def test_refuses_a_path_that_is_no_resource(client: httpx.Client, path: str) -> None:
    assert_own_error(client.get(path), 403, "Missing Authentication Token")


@pytest.mark.parametrize("size", [10 * 1024 * 1024 + 1, 40_000_000])
def test_refuses_a_body_over_ten_megabytes(client: httpx.Client, size: int) -> None:
    response = client.post("/api/probe", content=b"x" * size)

    assert_own_error(response, 413, "Request Too Long")


def test_refuses_what_lambda_would_not_take(client: httpx.Client) -> None:
    """Under the gateway's limit, but over Lambda's once it is base64."""
    headers = {"content-type": "image/png"}

    response = client.post("/api/probe", content=b"x" * 5_000_000, headers=headers)

    assert_own_error(response, 413, "Request Too Long")


def test_takes_four_megabytes_of_binary(client: httpx.Client, stage: Stage) -> None:
    headers = {"content-type": "image/png", "expect": "100-continue"}

    response = client.post("/api/probe/x", content=b"x" * 4_000_000, headers=headers)

    # The probe fails on a body that is no JSON, which only shows that it got it.
    assert_own_error(response, 502, "Internal server error")


@pytest.mark.parametrize("returned", [{"no": "status"}, {"statusCode": 200, "body": 5}])
def test_refuses_a_malformed_reply(client: httpx.Client, returned: Any) -> None:
    assert_own_error(probe(client, {"return": returned}), 502, "Internal server error")


@pytest.mark.parametrize("action", [{"do": "raise", "text": "secret"}, {"do": "die"}])
def test_says_nothing_about_why_a_function_failed(
    client: httpx.Client, action: dict[str, Any]
) -> None:
    response = probe(client, action)

    assert_own_error(response, 502, "Internal server error")
    assert "secret" not in response.text


def test_gives_up_at_the_integration_timeout(client: httpx.Client) -> None:
    response = client.post("/api/probe/x", json={"do": "sleep", "seconds": 1.5})

    assert_own_error(response, 504, "Endpoint request timed out")


def test_throttles_when_all_workers_stay_busy(client: httpx.Client, stage: Stage) -> None:
    async def many() -> list[int]:
        import asyncio

        async with httpx.AsyncClient(base_url=client.base_url, timeout=30) as own:
            body = {"do": "sleep", "seconds": 1}
            calls = (own.post("/api/probe", json=body) for _ in range(3))
            return [response.status_code for response in await asyncio.gather(*calls)]

    def both_are_warm() -> bool:
        # On a busy machine a worker may start more slowly than a request waits.
        with suppress(Throttled):
            stage.together(*[{"do": "sleep", "seconds": 0.3}] * 2)
        return idle_workers(stage) == 2

    assert eventually(both_are_warm)

    assert sorted(stage.loop.run(many())) == [200, 200, 429]


def idle_workers(stage: Stage) -> int:
    return sum(worker.state is State.IDLE for worker in stage.runtime.pools["probe"].workers)


def test_compresses_for_who_accepts_it(client: httpx.Client) -> None:
    large = {"return": {"statusCode": 200, "body": "x" * 2000}}

    packed = probe(client, large, headers={"accept-encoding": "gzip"})
    plain = probe(client, large, headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text == "x" * 2000
    assert "content-encoding" not in plain.headers


def test_takes_a_compressed_body(client: httpx.Client) -> None:
    body = gzip.compress(b'{"return": {"statusCode": 200, "body": "unpacked"}}')

    response = client.post("/api/probe", content=body, headers={"content-encoding": "gzip"})

    assert response.text == "unpacked"


def test_refuses_a_compressed_bomb(client: httpx.Client) -> None:
    body = gzip.compress(b"0" * 20_000_000)

    response = client.post("/api/probe", content=body, headers={"content-encoding": "gzip"})

    assert_own_error(response, 413, "Request Too Long")


def test_refuses_a_body_that_does_not_decompress(client: httpx.Client) -> None:
    response = client.post("/api/probe", content=b"x", headers={"content-encoding": "gzip"})

    assert_own_error(response, 400, "Invalid request body")


def test_returns_bytes_for_who_accepts_them(client: httpx.Client) -> None:
    returned = {
        "statusCode": 200,
        "headers": {"content-type": "image/png"},
        "body": base64.b64encode(b"\x89PNG").decode(),
        "isBase64Encoded": True,
    }

    response = probe(client, {"return": returned}, headers={"accept": "image/png"})

    assert response.content == b"\x89PNG"


def test_keeps_a_connection_for_the_next_request(server: Server) -> None:
    request = b"GET /nope HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        for _ in range(2):
            connection.sendall(request)
            assert connection.recv(65536).startswith(b"HTTP/1.1 403")


def test_survives_a_client_that_leaves(server: Server, client: httpx.Client) -> None:
    head = b"POST /api/probe HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head)

    assert client.get("/api/probe").status_code == 200


def test_writes_one_line_per_request(client: httpx.Client) -> None:
    ENTRIES.clear()

    request_id = client.get("/api/probe").headers["x-amzn-requestid"]

    assert eventually(lambda: bool(ENTRIES))
    entry = ENTRIES[-1]
    assert entry["request_id"] == request_id
    assert (entry["method"], entry["path"], entry["status"]) == ("GET", "/api/probe", 200)
    assert entry["target"] == "probe"
    assert json.dumps(entry)


def test_refuses_what_the_machine_cannot_take(stage: Stage) -> None:
    full = Reply(507, [(b"x-why", b"full")], b"{}")
    server = stage.gateway(refuse=lambda request, _: full if request.method == "POST" else None)

    refused, answered = httpx.post(f"{server.url}/api/probe"), httpx.get(f"{server.url}/api/probe")

    server.close()
    assert (refused.status_code, refused.headers["x-why"]) == (507, "full")
    assert answered.status_code == 200


def test_serves_local_mounts_beside_the_api(stage: Stage) -> None:
    async def hello(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})

    entries: list[dict[str, Any]] = []
    server = stage.gateway(mounts={"/media": hello}, access_log=entries.append)

    assert httpx.get(f"{server.url}/media/x?Signature=secret").text == "hello"
    assert httpx.get(f"{server.url}/mediation").status_code == 403

    server.close()
    assert [(e["path"], e["status"], e["target"]) for e in entries] == [
        ("/media/x", 200, "/media"),
        ("/mediation", 403, None),
    ]
