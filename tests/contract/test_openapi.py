"""Requests made from the API's own description, valid and not: replies keep to the description."""

import re
from typing import Any
from uuid import UUID

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.orm import Session

from djamms.api.app import create_app
from djamms.models.user import Role
from local import openapi
from tests.support.api import Client
from tests.support.factories import make_track, make_user, sign_in
from tests.support.mail import use_queue
from tests.support.store import FakeStore

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
NOT_YET = "Not available yet"


def is_not_yet(context: Any) -> bool:
    return bool(context.operation.definition.raw.get("summary") == NOT_YET)


SCHEMA = schemathesis.openapi.from_dict(openapi.build()).exclude(is_not_yet)
SCHEMA.app = create_app("all", *openapi.routers())


CALLERS = [Role.ADMIN, Role.USER, None]


@pytest.fixture(params=CALLERS, ids=lambda role: role or "nobody")
def headers(
    request: pytest.FixtureRequest, session: Session, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """Of someone who is signed in, or of nobody."""
    monkeypatch.setattr("djamms.storage.store.media_store", FakeStore)
    use_queue(monkeypatch)
    make_track(session)
    if request.param is None:
        return {}
    token = sign_in(session, make_user(session, "caller", request.param))
    return {"Authorization": f"Bearer {token}"}


def test_every_status_is_stated_by_its_number() -> None:
    operations = [one for path in openapi.build()["paths"].values() for one in path.values()]

    assert not [one["operationId"] for one in operations if "default" in one["responses"]]


def test_an_answer_that_is_not_stated_is_found() -> None:
    """What the others rest upon."""
    document = openapi.build()
    del document["paths"]["/api/playlists/{playlist_id}"]["get"]["responses"]["404"]
    schema = schemathesis.openapi.from_dict(document)
    case = schema["/api/playlists/{playlist_id}"]["GET"].Case(path_parameters={"playlist_id": "x"})
    answer = schemathesis.Response(
        status_code=404,
        headers={"content-type": ["application/json"]},
        content=b"{}",
        request=requests.Request("GET", "http://x/").prepare(),
        elapsed=0.0,
        verify=False,
    )

    with pytest.raises(FailureGroup):
        case.validate_response(answer, checks=[status_code_conformance])


def test_what_is_not_there_yet_promises_nothing_else() -> None:
    operations = [one for path in openapi.build()["paths"].values() for one in path.values()]
    promised = [set(one["responses"]) for one in operations if one["summary"] == NOT_YET]

    assert promised
    assert all("501" in statuses for statuses in promised)
    assert not [status for statuses in promised for status in statuses if status < "400"]


@SCHEMA.parametrize()
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_replies_keep_to_the_description(
    case: schemathesis.Case[Any], headers: dict[str, str]
) -> None:
    response = case.call(headers=headers)

    case.validate_response(response, checks=CHECKS)


@pytest.fixture
def anonymous(session: Session) -> Client:
    return Client()


@pytest.mark.parametrize("path", openapi.build()["paths"])
def test_a_method_that_is_not_described_is_not_there(anonymous: Client, path: str) -> None:
    address = re.sub(r"{\w+}", str(UUID(int=1)), path)
    described = {
        method.upper() for one in same_as(path) for method in SCHEMA.raw_schema["paths"][one]
    }
    described |= {"OPTIONS"} | ({"HEAD"} if "GET" in described else set())

    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - described:
        reply = anonymous.send(method, address)
        assert (reply.status, reply.json()["error"]) == (405, "method_not_allowed"), method
        assert set(reply.headers["allow"].split(", ")) <= described, method


def same_as(path: str) -> list[str]:
    """Paths that an address of this one may mean too: /tracks/{id} and /tracks/bulk-edit."""
    pattern = re.compile(re.sub(r"{\w+}", "[^/]+", path))
    mine = re.sub(r"{\w+}", "x", path)
    paths = SCHEMA.raw_schema["paths"]
    return [
        one
        for one in paths
        if pattern.fullmatch(one) or re.fullmatch(re.sub(r"{\w+}", "[^/]+", one), mine)
    ]
