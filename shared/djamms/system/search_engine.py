"""The engine that should answer searches: how it is, as a check of the status."""

from typing import Literal

from sqlalchemy.orm import Session as Database

from djamms.search.indexing.lag import lag_seconds
from djamms.search.opensearch.client import is_configured
from djamms.system.schemas import Check, SearchEngineState


def state(database: Database) -> SearchEngineState:
    """Of OpenSearch at most some seconds old. PostgreSQL is the database: whoever asks has it."""
    if not is_configured():
        return SearchEngineState(
            engine="postgres",
            reachable=True,
            cluster_status=None,
            documents=None,
            lag_seconds=None,
        )
    from djamms.search.opensearch.health import watch  # the client: see there

    found = watch().read()
    return SearchEngineState(
        engine="opensearch",
        reachable=found.is_reachable,
        cluster_status=found.cluster_status,
        documents=found.documents,
        lag_seconds=round(lag_seconds(database), 1),
    )


def coarse(state: SearchEngineState) -> SearchEngineState:
    return state.model_copy(update={"cluster_status": None, "documents": None, "lag_seconds": None})


def check(state: SearchEngineState) -> Check:
    """PostgreSQL answers whatever fails here, so that nothing is more than a warning."""
    return Check(name="search", status=_status(state), detail=_detail(state))


def _status(state: SearchEngineState) -> Literal["ok", "warning"]:
    if state.engine == "postgres":
        return "ok"
    is_well = state.cluster_status in {"green", "yellow"} and state.documents is not None
    return "ok" if is_well else "warning"


def _detail(state: SearchEngineState) -> str:
    if state.engine == "postgres":
        return "PostgreSQL searches"
    if not state.reachable:
        return "OpenSearch does not answer, PostgreSQL searches"
    if state.documents is None:
        return f"OpenSearch is {state.cluster_status} and has no index yet, PostgreSQL searches"
    return f"OpenSearch is {state.cluster_status}, {state.documents} documents"
