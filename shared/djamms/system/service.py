import time
from functools import cache

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.system import repository
from djamms.system.machine import GIGABYTE, Machine, Reading
from djamms.system.schemas import Check, Cpu, Network, Space, StatusReply

# The baselines that seeding writes into the system settings carry the same figures.
WARN_PERCENT = {"cpu": 90.0, "memory": 90.0, "disk": 90.0}
SLOW_DATABASE_MS = 250.0


def status(database: Database) -> StatusReply:
    """Measured now: this function's machine, and the way to the database."""
    reading, latency = _machine().read(), _database_latency_ms(database)
    checks = _checks(reading, latency)
    now = clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    degraded = any(check.status != "ok" for check in checks)
    return StatusReply(
        status="degraded" if degraded else "ok",
        cpu=Cpu(usage=reading.cpu_percent, cores=reading.cores),
        memory=_space(
            reading.memory_percent, reading.memory_total_bytes, reading.memory_available_bytes
        ),
        disk=_space(reading.disk_percent, reading.disk_total_bytes, reading.disk_available_bytes),
        network=Network(
            status="degraded" if latency > SLOW_DATABASE_MS else "connected",
            latency=latency,
            bandwidth=reading.network_mbit_per_second,
        ),
        checks=checks,
        cpu_usage=reading.cpu_percent,
        memory_usage=reading.memory_percent,
        disk_usage=reading.disk_percent,
        network_latency=latency,
        active_connections=repository.count_live_sessions(database, now),
        tracks_played_today=repository.count_plays_since(database, midnight),
    )


@cache
def _machine() -> Machine:
    return Machine()


def _database_latency_ms(database: Database) -> float:
    repository.ping(database)  # opens the connection, which is not what is measured
    started = time.perf_counter()
    repository.ping(database)
    return round((time.perf_counter() - started) * 1000, 2)


def _space(percent: float, total_bytes: int, available_bytes: int) -> Space:
    return Space(
        usage=percent,
        total=round(total_bytes / GIGABYTE, 2),
        available=round(available_bytes / GIGABYTE, 2),
    )


def _checks(reading: Reading, latency_ms: float) -> list[Check]:
    usages = {
        "cpu": reading.cpu_percent,
        "memory": reading.memory_percent,
        "disk": reading.disk_percent,
    }
    checks = [
        Check(
            name=name,
            status="warning" if usage >= WARN_PERCENT[name] else "ok",
            detail=f"{usage:.1f} % in use",
        )
        for name, usage in usages.items()
    ]
    slow = latency_ms > SLOW_DATABASE_MS
    detail = f"answers in {latency_ms:.2f} ms"
    return [*checks, Check(name="database", status="warning" if slow else "ok", detail=detail)]
