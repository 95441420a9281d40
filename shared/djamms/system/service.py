import time
from datetime import datetime, timedelta
from functools import cache
from math import ceil

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.security.permissions import Permission
from djamms.security.principal import Principal
from djamms.system import repository, search_engine
from djamms.system.machine import GIGABYTE, Machine, Reading
from djamms.system.schemas import Check, Cpu, Network, Space, StatusReply

# Where the system setting says nothing.
BASELINES = {
    "cpu_percent": 90.0,
    "memory_percent": 90.0,
    "disk_percent": 90.0,
    "database_ms": 250.0,
}

# Over which a rate is taken.
RECENT = timedelta(minutes=5)


def status(database: Database, *, principal: Principal) -> StatusReply:
    """Measured now: this function's machine, and the way to the database."""
    knows_all = Permission.READ_SYSTEM in principal.permissions
    latency = _database_latency_ms(database)
    reading = _machine().read() if knows_all else _machine().read().coarse()
    latency = latency if knows_all else float(ceil(latency))
    baselines = BASELINES | repository.baselines(database)
    engine = search_engine.state(database)
    checks = [*_checks(reading, latency, baselines), search_engine.check(engine)]
    now = clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    degraded = any(check.status in {"warning", "failed"} for check in checks)
    return StatusReply(
        status="degraded" if degraded else "ok",
        cpu=Cpu(usage=reading.cpu_percent, cores=reading.cores),
        memory=_space(
            reading.memory_percent, reading.memory_total_bytes, reading.memory_available_bytes
        ),
        disk=_space(reading.disk_percent, reading.disk_total_bytes, reading.disk_available_bytes),
        network=Network(
            status="degraded" if latency > baselines["database_ms"] else "connected",
            latency=latency,
            bandwidth=reading.network_mbit_per_second,
        ),
        checks=checks if knows_all else [_without_detail(check) for check in checks],
        search=engine if knows_all else search_engine.coarse(engine),
        cpu_usage=reading.cpu_percent,
        memory_usage=reading.memory_percent,
        disk_usage=reading.disk_percent,
        network_latency=latency,
        active_connections=repository.count_live_sessions(database, now) if knows_all else None,
        tracks_played_today=repository.count_plays_since(database, midnight),
        search_queries_per_minute=_searches_per_minute(database, now) if knows_all else None,
        error_rate=None,
        response_time_avg=None,
    )


@cache
def _machine() -> Machine:
    return Machine()


def _database_latency_ms(database: Database) -> float:
    repository.ping(database)  # opens the connection, which is not what is measured
    started = time.perf_counter()
    repository.ping(database)
    return round((time.perf_counter() - started) * 1000, 2)


def _searches_per_minute(database: Database, now: datetime) -> float:
    searches = repository.count_searches_since(database, now - RECENT)
    return round(searches / (RECENT / timedelta(minutes=1)), 2)


def _space(percent: float, total_bytes: int, available_bytes: int) -> Space:
    return Space(
        usage=percent,
        total=round(total_bytes / GIGABYTE, 2),
        available=round(available_bytes / GIGABYTE, 2),
    )


def _checks(reading: Reading, latency_ms: float, baselines: dict[str, float]) -> list[Check]:
    measured = {
        "cpu": (reading.cpu_percent, baselines["cpu_percent"], "% in use"),
        "memory": (reading.memory_percent, baselines["memory_percent"], "% in use"),
        "disk": (reading.disk_percent, baselines["disk_percent"], "% in use"),
        "database": (latency_ms, baselines["database_ms"], "ms to answer"),
    }
    checks = [
        Check(
            name=name,
            status="warning" if value >= limit else "ok",
            detail=f"{value:.1f} {unit}",
        )
        for name, (value, limit, unit) in measured.items()
    ]
    absent = [
        Check(name=name, status="not_configured", detail="not part of this installation")
        for name in ("spotify", "cache")
    ]
    return checks + absent


def _without_detail(check: Check) -> Check:
    return check.model_copy(update={"detail": ""})
