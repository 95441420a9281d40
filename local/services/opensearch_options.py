"""What the node is told: its settings, its log, and the options of its Java."""

import re
from pathlib import Path

from local.services.java import Java

SETTINGS = """\
cluster.name: djamms
node.name: local
discovery.type: single-node
network.host: 127.0.0.1
http.port: {port}
transport.port: 0
path.data: "{files}/data"
path.logs: "{files}/logs"
path.repo: ["{files}/snapshots"]
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: false
"""
# To the output, which the supervisor keeps within bounds.
LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""
DIRECT_MB = 256
COMPACT_HEADERS_SINCE = 25


def configuration(files: Path, port: int) -> dict[str, str]:
    """The text of each file in its folder `config`."""
    settings = SETTINGS.format(port=port, files=files)
    return {"opensearch.yml": settings, "log4j2.properties": LOGGING}


def java_options(java: Java, root: Path, files: Path, *, heap_mb: int, test: bool) -> list[str]:
    """As the distribution's own script sets them, for a small machine."""
    return [
        f"-Xms{heap_mb}m",
        f"-Xmx{heap_mb}m",
        "-Xss1m",
        f"-XX:MaxDirectMemorySize={DIRECT_MB}m",
        "-XX:-OmitStackTraceInFastThrow",
        "-XX:+ExitOnOutOfMemoryError",
        f"-XX:ErrorFile={files}/logs/hs_err_pid%p.log",
        *(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"] if test else []),
        *(["-XX:+UseCompactObjectHeaders"] if java.major >= COMPACT_HEADERS_SINCE else []),
        *_modules(java, root),
        *_properties(root, files),
        "-cp",
        f"{root}/lib/*",
    ]


def _modules(java: Java, root: Path) -> list[str]:
    vector = "jdk.incubator.vector"
    return [
        f"-javaagent:{root}/agent/opensearch-agent.jar",
        "--add-opens=java.base/java.nio=ALL-UNNAMED",
        *([f"--add-modules={vector}"] if vector in java.modules else []),
    ]


def _properties(root: Path, files: Path) -> list[str]:
    scratch = files / "tmp"
    values = {
        "java.awt.headless": "true",
        "java.io.tmpdir": scratch,
        "jna.nosys": "true",
        "jna.tmpdir": scratch,
        "file.encoding": "UTF-8",
        "io.netty.noUnsafe": "true",
        "io.netty.noKeySetOptimization": "true",
        "io.netty.recycler.maxCapacityPerThread": "0",
        "io.netty.allocator.numDirectArenas": "0",
        "log4j.shutdownHookEnabled": "false",
        "log4j2.disable.jmx": "true",
        "opensearch.networkaddress.cache.ttl": "60",
        "opensearch.networkaddress.cache.negative.ttl": "10",
        "opensearch.path.home": root,
        "opensearch.path.conf": f"{files}/config",
        "opensearch.distribution.type": "zip",
        "opensearch.bundled_jdk": "false",
        "org.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits": "1",
    }
    return [f"-D{name}={value}" for name, value in values.items()]


def last_problem(output: str) -> str:
    """The reason in what a server that ended has written."""
    for pattern in (
        r"^Likely root cause: (.+)$",
        r"^Caused by: (.+)$",
        r"^(?:Error: |Exception.*?: )(.+)$",
    ):
        if found := re.findall(pattern, output, re.MULTILINE):
            return str(found[0])
    lines = output.strip().splitlines() or ["it gave no reason"]
    return str(lines[-1])
