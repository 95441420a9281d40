"""Both environments, and dev with OpenSearch, synthesized with all checks; unchanged sources are not synthesized again."""

import pytest

from infra.config import EnvironmentName
from infra.synth import synth
from tests.infra.assembly import Assembly

ENVIRONMENTS: dict[str, tuple[EnvironmentName, bool]] = {
    "dev": ("dev", False),
    "dev-search": ("dev", True),
    "prod": ("prod", False),
}


@pytest.fixture(scope="session", params=ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def assembly(request: pytest.FixtureRequest) -> Assembly:
    name, search = request.param
    return Assembly(synth(name, checked=True, search=search), name, search)


@pytest.fixture(scope="session")
def searching() -> Assembly:
    """Dev with OpenSearch."""
    return Assembly(synth("dev", checked=True, search=True), "dev", search=True)


@pytest.fixture(scope="session")
def prod() -> Assembly:
    return Assembly(synth("prod", checked=True), "prod")
