"""Requests made from the API's own description, valid and not: replies keep to the description."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.orm import Session

from djamms.api.app import create_app
from djamms.models.user import Role
from local import openapi
from tests.support.factories import make_track, make_user, sign_in

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


class FakeStore:
    """Storage has tests of its own."""

    def put(self, key: str, body: bytes, *, content_type: str, cache: str) -> None: ...

    def delete(self, key: str) -> None: ...


@pytest.fixture
def token(session: Session, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("djamms.storage.store.media_store", FakeStore)
    make_track(session)
    return sign_in(session, make_user(session, "boss", Role.ADMIN))


def test_what_is_not_there_yet_promises_nothing_else() -> None:
    operations = [one for path in openapi.build()["paths"].values() for one in path.values()]
    promised = [set(one["responses"]) for one in operations if one["summary"] == NOT_YET]

    assert promised
    assert all("501" in statuses for statuses in promised)
    assert not [status for statuses in promised for status in statuses if status < "400"]


@SCHEMA.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_replies_keep_to_the_description(case: schemathesis.Case[Any], token: str) -> None:
    response = case.call(headers={"Authorization": f"Bearer {token}"})

    case.validate_response(response, checks=CHECKS)
