"""/media over real HTTP, in front of the emulator's S3."""

import base64
import os
import socket
import time
from collections.abc import AsyncGenerator, Iterator
from typing import Any
from urllib.parse import quote

import boto3
import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from local.assembly import Distribution
from local.media import Media
from local.media_signature import policy
from local.object_store import Access, ObjectInfo, S3Store
from local.services.emulator import Emulator
from tests.contract.local.stage import Loop, Server, eventually
from tests.unit.local.assemblies import load, sample

REGION, ACCOUNT, BUCKET = "eu-central-1", "000000000000", "media-000000000000"
BASE = "http://localhost:3001/media"
KEY = ec.generate_private_key(ec.SECP256R1())
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
SONG = "audio/2026/01/Björk/Début + more/1.mp3"
BYTES = os.urandom(300_000)
COVER = "images/tracks/1/large.jpg"


@pytest.fixture(scope="module")
def distribution(tmp_path_factory: pytest.TempPathFactory) -> Distribution:
    return load(tmp_path_factory.mktemp("assembly"), sample()).distributions[0]


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def access(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Access]]:
    emulator = Emulator(tmp_path_factory.mktemp("emulator"))
    emulator.start(region=REGION, account=ACCOUNT)
    held = emulator.credentials
    access = Access(held.access_key, held.secret_key, held.session_token, REGION)
    fill(emulator.url, access)
    yield emulator.url, access
    emulator.stop()


def fill(url: str, access: Access) -> None:
    s3 = boto3.client(
        "s3",
        endpoint_url=url,
        region_name=access.region,
        aws_access_key_id=access.access_key,
        aws_secret_access_key=access.secret_key,
        aws_session_token=access.session_token,
    )
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=BUCKET, Key=SONG, Body=BYTES, ContentType="audio/mpeg")
    s3.put_object(Bucket=BUCKET, Key="uploads/1", Body=b"raw")
    s3.put_object(Bucket=BUCKET, Key="images/empty.jpg", Body=b"", ContentType="image/jpeg")
    s3.put_object(
        Bucket=BUCKET, Key=COVER, Body=b"jpeg", ContentType="image/jpeg", CacheControl="max-age=9"
    )


@pytest.fixture(scope="module")
def client(
    loop: Loop, distribution: Distribution, access: tuple[str, Access]
) -> Iterator[httpx.Client]:
    url, key = access
    store = S3Store(url, BUCKET, key)
    keys = dict.fromkeys(distribution.public_keys, PEM)
    server = Server(loop, Media(distribution, base_url=BASE, keys=keys, store=store))
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client
    server.close()
    loop.run(store.close())


@pytest.fixture
def sign(distribution: Distribution) -> Any:
    """The path and query of a signed URL."""

    def sign(key: str, *, expires: int | None = None) -> str:
        until = expires or int(time.time()) + 60
        der = KEY.sign(policy(f"{BASE}/{quote(key)}", until).encode(), ec.ECDSA(hashes.SHA256()))
        text = base64.b64encode(der).decode().translate(str.maketrans("+=/", "-_~"))
        name = next(iter(distribution.public_keys))
        query = f"Expires={until}&Signature={text}&Key-Pair-Id={name}&Hash-Algorithm=SHA256"
        return f"/media/{quote(key)}?{query}"

    return sign


@pytest.fixture
def song(sign: Any) -> str:
    url: str = sign(SONG)
    return url


def test_serves_the_whole_object(client: httpx.Client, song: str) -> None:
    response = client.get(song)

    assert (response.status_code, response.content) == (200, BYTES)
    assert response.headers["content-type"] == "audio/mpeg"
    assert response.headers["content-length"] == str(len(BYTES))
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("value", "start", "end"), [("0-99", 0, 100), ("299990-", 299_990, None), ("-7", -7, None)]
)
def test_serves_a_range(
    client: httpx.Client, song: str, value: str, start: int, end: int | None
) -> None:
    response = client.get(song, headers={"range": f"bytes={value}"})

    assert (response.status_code, response.content) == (206, BYTES[start:end])
    first = start % len(BYTES)
    last = first + len(response.content) - 1
    assert response.headers["content-range"] == f"bytes {first}-{last}/{len(BYTES)}"


def test_says_how_long_the_object_is_when_a_range_is_outside(
    client: httpx.Client, song: str
) -> None:
    response = client.get(song, headers={"range": "bytes=300000-"})

    assert (response.status_code, response.content) == (416, b"")
    assert response.headers["content-range"] == f"bytes */{len(BYTES)}"


def test_answers_not_modified(client: httpx.Client, song: str) -> None:
    first = client.get(song)

    by_tag = client.get(song, headers={"if-none-match": first.headers["etag"]})
    by_date = client.get(song, headers={"if-modified-since": first.headers["last-modified"]})

    assert (by_tag.status_code, by_date.status_code) == (304, 304)
    assert by_tag.headers["etag"] == first.headers["etag"]
    assert by_tag.content == b""


def test_sends_the_whole_object_when_it_has_changed(client: httpx.Client, song: str) -> None:
    same = client.get(song).headers["etag"]

    fresh = client.get(song, headers={"range": "bytes=0-9", "if-range": '"other"'})
    part = client.get(song, headers={"range": "bytes=0-9", "if-range": same})

    assert (fresh.status_code, part.status_code) == (200, 206)


def test_head_tells_the_length(client: httpx.Client, song: str) -> None:
    response = client.head(song, headers={"range": "bytes=0-9"})

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(len(BYTES))


def test_images_need_no_signature(client: httpx.Client) -> None:
    response = client.get(f"/media/{COVER}")

    assert (response.status_code, response.content) == (200, b"jpeg")
    assert response.headers["cache-control"] == "max-age=9"


def test_serves_an_empty_object(client: httpx.Client) -> None:
    response = client.get("/media/images/empty.jpg")

    assert (response.status_code, response.content) == (200, b"")


def test_audio_needs_a_signature(client: httpx.Client) -> None:
    response = client.get(f"/media/{quote(SONG)}")

    assert response.status_code == 403
    assert "<Code>MissingKey</Code>" in response.text
    assert response.headers["access-control-allow-origin"] == "*"


def test_a_signature_expires(client: httpx.Client, sign: Any) -> None:
    assert client.get(sign(SONG, expires=int(time.time()))).status_code == 403


def test_a_signature_is_for_one_object(client: httpx.Client, sign: Any) -> None:
    query = sign(SONG).partition("?")[2]

    assert client.get(f"/media/audio/other.mp3?{query}").status_code == 403


@pytest.mark.parametrize("key", ["uploads/1", "trash/1", "audio/none.mp3"])
def test_a_signature_opens_nothing_that_the_bucket_keeps(
    client: httpx.Client, sign: Any, key: str
) -> None:
    response = client.get(sign(key))

    assert response.status_code == 403
    assert "<Code>AccessDenied</Code>" in response.text


@pytest.mark.parametrize(
    "path",
    [
        b"/media/images/../uploads/1",
        b"/media/images/..%2fuploads/1",
        b"/media/images/%2e%2e/uploads/1",
        b"/media/images//x",
        b"/media/images/..%5cuploads",
        b"/media/images/%00",
        b"/media/images/%ff",
        b"/media/",
        b"/media",
    ],
)
def test_no_path_leads_elsewhere(client: httpx.Client, path: bytes) -> None:
    port = client.base_url.port
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_only_reads(client: httpx.Client, song: str, method: str) -> None:
    assert client.request(method, song).status_code == 403


def test_answers_a_preflight(client: httpx.Client) -> None:
    response = client.options(f"/media/{quote(SONG)}")

    assert response.status_code == 200
    assert "range" in response.headers["access-control-allow-headers"]


class Slow:
    """An object of many chunks that counts how many were read."""

    def __init__(self) -> None:
        self.read_chunks = 0
        self.closed = False

    async def head(self, key: str) -> ObjectInfo | None:
        return ObjectInfo(10_000 * 65_536, '"x"', None, "audio/mpeg")

    async def read(self, key: str, first: int, last: int) -> AsyncGenerator[bytes]:
        try:
            for _ in range(10_000):
                self.read_chunks += 1
                yield b"x" * 65_536
        finally:
            self.closed = True


def test_reads_no_further_than_the_client_does_and_stops_when_it_leaves(
    loop: Loop, distribution: Distribution
) -> None:
    store = Slow()
    server = Server(loop, Media(distribution, base_url=BASE, keys={}, store=store))
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"GET /media/images/x HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(1000)
        assert eventually(lambda: settled(store))
        assert store.read_chunks < 500

    assert eventually(lambda: store.closed)
    assert store.read_chunks < 1000
    server.close()


def settled(store: Slow) -> bool:
    before = store.read_chunks
    time.sleep(0.2)
    return 0 < before == store.read_chunks


def test_says_when_the_origin_does_not_answer(loop: Loop, distribution: Distribution) -> None:
    store = S3Store("http://127.0.0.1:9", BUCKET, Access("a", "b", None, REGION))
    server = Server(loop, Media(distribution, base_url=BASE, keys={}, store=store))

    response = httpx.get(f"{server.url}/media/{COVER}")

    assert response.status_code == 502
    server.close()
    loop.run(store.close())
