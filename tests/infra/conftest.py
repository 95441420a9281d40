"""Both environments, synthesized with all checks; unchanged sources are not synthesized again."""

import pytest

from infra.config import EnvironmentName
from infra.synth import synth
from tests.infra.assembly import Assembly

ENVIRONMENTS: tuple[EnvironmentName, ...] = ("dev", "prod")


@pytest.fixture(scope="session", params=ENVIRONMENTS)
def assembly(request: pytest.FixtureRequest) -> Assembly:
    return Assembly(synth(request.param, checked=True), request.param)


@pytest.fixture(scope="session")
def prod() -> Assembly:
    return Assembly(synth("prod", checked=True), "prod")
