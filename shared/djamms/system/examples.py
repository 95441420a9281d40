from datetime import UTC, datetime

from pydantic import BaseModel

from djamms import __version__
from djamms.system.schemas import (
    Check,
    Cpu,
    HealthReply,
    IndexReply,
    Network,
    SearchEngineState,
    SearchIndexReply,
    Space,
    StatusReply,
)

EXAMPLES: dict[str, BaseModel] = {
    "Where to go from here": IndexReply(
        name="DJAMMS",
        version=__version__,
        docs="https://api.example.com/api/docs",
        openapi="https://api.example.com/api/openapi.json",
        health="https://api.example.com/api/health",
    ),
    "It runs": HealthReply(status="ok", version=__version__),
    "For those who may read the system": StatusReply(
        status="ok",
        cpu=Cpu(usage=12.5, cores=2),
        memory=Space(usage=41.0, total=1.85, available=1.09),
        disk=Space(usage=8.0, total=0.53, available=0.49),
        network=Network(status="connected", latency=0.84, bandwidth=0.3),
        checks=[
            Check(name="database", status="ok", detail="0.8 ms to answer"),
            Check(name="spotify", status="not_configured", detail="not part of this installation"),
        ],
        search=SearchEngineState(
            engine="opensearch",
            reachable=True,
            cluster_status="green",
            documents=100_412,
            lag_seconds=0.0,
        ),
        cpu_usage=12.5,
        memory_usage=41.0,
        disk_usage=8.0,
        network_latency=0.84,
        active_connections=3,
        tracks_played_today=57,
        search_queries_per_minute=4.6,
        error_rate=None,
        response_time_avg=None,
    ),
    "An index on its way": SearchIndexReply(
        name="djamms-20260314092653589793",
        state="building",
        documents=62_000,
        expected=100_412,
        refused=0,
        lag_seconds=0.0,
        created_at=datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC),
        live_at=None,
    ),
}
