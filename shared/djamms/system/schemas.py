from datetime import datetime
from typing import Literal

from djamms.api.schema import ResponseModel


class HealthReply(ResponseModel):
    status: Literal["ok"]
    version: str


class IndexReply(ResponseModel):
    """Addresses of the documentation for people and for programs, and of the health check."""

    name: str
    version: str
    docs: str
    openapi: str
    health: str


class Cpu(ResponseModel):
    usage: float
    cores: int


class Space(ResponseModel):
    """`usage` in percent, the others in GB (10⁹ bytes)."""

    usage: float
    total: float
    available: float


class Network(ResponseModel):
    """`latency` to the database in ms; `bandwidth` in use in Mbit/s."""

    status: Literal["connected", "degraded"]
    latency: float
    bandwidth: float


class Check(ResponseModel):
    """`detail` is for those who may read the system; others get an empty text."""

    name: str
    status: Literal["ok", "warning", "failed", "not_configured"]
    detail: str


class SearchEngineState(ResponseModel):
    """`engine` is the one that should answer searches; PostgreSQL does while it is not reachable.
    For who may not read the system that is all; of PostgreSQL too. `cluster_status` as OpenSearch
    says it; `documents` is null while there is no index. `lag_seconds`: for how long the oldest
    change waits that OpenSearch was not told of."""

    engine: Literal["postgres", "opensearch"]
    reachable: bool
    cluster_status: Literal["green", "yellow", "red"] | None
    documents: int | None
    lag_seconds: float | None


class SearchIndexReply(ResponseModel):
    """Of the index on its way, or else of the live one. `expected` was counted at the start, and
    `refused` are documents that OpenSearch did not take: the log says which."""

    name: str
    state: Literal["wanted", "building", "live"]
    documents: int
    expected: int
    refused: int
    lag_seconds: float
    created_at: datetime
    live_at: datetime | None


class StatusReply(ResponseModel):
    """Coarse, without details and the number of sessions, for who may not read the system.

    A rate is null while nothing measures it.
    """

    status: Literal["ok", "degraded"]
    cpu: Cpu
    memory: Space
    disk: Space
    network: Network
    checks: list[Check]
    search: SearchEngineState
    cpu_usage: float
    memory_usage: float
    disk_usage: float
    network_latency: float
    active_connections: int | None
    tracks_played_today: int
    search_queries_per_minute: float | None
    error_rate: float | None
    response_time_avg: float | None
