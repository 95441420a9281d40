"""Every route of every function, for an anonymous caller and for each role, as
docs/permissions.md says."""

from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter
from sqlalchemy.orm import Session

from djamms.api.route import EXTENSION, PUBLIC, SIGNED_IN, GuardedRoute, create_router
from djamms.models.user import Role
from djamms.security.permissions import PERMISSIONS, Permission
from local import openapi, permissions
from tests.support.api import Client
from tests.support.description import Operation, operations
from tests.support.factories import make_user, sign_in

NOBODY = UUID(int=0)
FUNCTIONS = Path(__file__).parents[2] / "functions"
ANONYMOUS = "anonymous"
CALLERS = [ANONYMOUS, *Role]
STATED = {PUBLIC, SIGNED_IN, *Permission}
# Public, and yet: who shows no token has nothing to renew.
RENEWAL = "POST /api/auth/refresh"
OPERATIONS = list(operations(openapi.build()))


def routers() -> list[APIRouter]:
    """All that stand in a module of a function, also those that the description leaves out."""
    # Not the handlers: each makes an event loop, which nobody closes outside of a test.
    files = [path for path in sorted(FUNCTIONS.glob("*/*.py")) if path.stem != "handler"]
    names = [f"functions.{path.parent.name}.{path.stem}" for path in files]
    found = [value for name in names for value in vars(import_module(name)).values()]
    return list({id(one): one for one in found if isinstance(one, APIRouter)}.values())


def routes() -> list[tuple[str, str, str]]:
    """(method, path, permission), with a well-formed id that nothing has."""
    return [
        (method, filled(route.path), route.permission)
        for router in routers()
        for route in router.routes
        if isinstance(route, GuardedRoute)
        for method in sorted(route.methods or ())
    ]


def filled(path: str) -> str:
    return "/".join(str(NOBODY) if part.startswith("{") else part for part in path.split("/"))


def written() -> Iterator[tuple[str, dict[str, bool]]]:
    """The lines of docs/permissions.md: `METHOD path` → caller → whether it may."""
    text = permissions.DOCUMENT.read_text().partition("## Routes")[2]
    head, _, *lines = [line.strip("| ").split(" | ") for line in text.strip().split("\n")]
    for method, path, _, *cells in lines:
        said = [cell == permissions.YES for cell in cells]
        yield f"{method} {path.strip('`')}", dict(zip(head[3:], said, strict=True))


ALL = routes()
WRITTEN = dict(written())


def unstated(document: dict[str, Any]) -> list[str]:
    """Operations that do not say who may call them, in words that mean something."""
    return [
        f"{method.upper()} {path}"
        for path, item in document["paths"].items()
        for method in openapi.METHODS
        if method in item and item[method].get(EXTENSION) not in STATED
    ]


def test_every_operation_states_its_permission() -> None:
    assert unstated(openapi.build()) == []


@pytest.mark.parametrize("stated", [{}, {EXTENSION: ""}, {EXTENSION: "read:everything"}])
def test_an_operation_without_a_permission_is_found(stated: dict[str, str]) -> None:
    document = openapi.build()
    operation = document["paths"]["/api/playlists"]["get"]
    del operation[EXTENSION]
    operation |= stated

    assert unstated(document) == ["GET /api/playlists"]


def test_every_operation_is_written_down() -> None:
    assert WRITTEN.keys() == {one.name for one in OPERATIONS}, "run `djamms permissions`"
    assert {frozenset(one) for one in WRITTEN.values()} == {frozenset(CALLERS)}
    assert len(WRITTEN) >= 70


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_callers_may_what_is_written(session: Session, operation: Operation, caller: str) -> None:
    client = Client()
    if caller != ANONYMOUS:
        client = client.as_(sign_in(session, make_user(session, "someone", Role(caller))))

    status = client.send(operation.method, filled(operation.path)).status

    allowed = WRITTEN[operation.name][caller]
    if operation.name != RENEWAL:
        assert (status == 401) == (caller == ANONYMOUS and not allowed)
    assert (status == 403) == (caller != ANONYMOUS and not allowed)
    assert status < 500 or (status == 501 and allowed)


def test_what_is_not_described_is_public() -> None:
    described = {(one.method, filled(one.path), one.permission) for one in OPERATIONS}

    assert described <= set(ALL)
    assert {permission for _, _, permission in set(ALL) - described} == {PUBLIC}


READS = {"read:tracks", "read:playlists", "read:schedules"}
OWN = {"write:tracks", "delete:tracks", "write:playlists", "delete:playlists"}
MODERATES = {"write:schedules", "delete:schedules", "read:system"}
ADMINISTRATES = {"write:system", "admin:system"}
OF_THE_REQUIREMENTS = READS | OWN | MODERATES | ADMINISTRATES


@pytest.mark.parametrize(
    ("role", "permitted"),
    [
        (Role.GUEST, READS),
        (Role.USER, READS | OWN),
        (Role.MODERATOR, READS | OWN | MODERATES),
        (Role.ADMIN, OF_THE_REQUIREMENTS),
    ],
)
def test_roles_have_the_permissions_of_the_requirements(role: Role, permitted: set[str]) -> None:
    assert len(OF_THE_REQUIREMENTS) == 12
    assert PERMISSIONS[role] & OF_THE_REQUIREMENTS == permitted


def test_each_role_may_all_that_the_one_below_may() -> None:
    granted = [PERMISSIONS[role] for role in Role]

    assert all(less < more for less, more in pairwise(granted))
    assert PERMISSIONS[Role.ADMIN] == frozenset(Permission)


@pytest.mark.parametrize("router", routers(), ids=lambda router: router.tags[0])
def test_every_route_is_guarded(router: APIRouter) -> None:
    open_ones = [route for route in router.routes if not isinstance(route, GuardedRoute)]

    assert router.routes
    assert open_ones == []


def test_a_route_without_a_permission_cannot_be_made() -> None:
    router = create_router("/api/new", tag="new")

    async def endpoint() -> None: ...

    with pytest.raises(KeyError, match="x-permission"):
        router.add_api_route("/thing", endpoint)


REQUIREMENTS = """
POST /api/auth/register | POST /api/auth/login | POST /api/auth/logout | POST /api/auth/refresh
GET /api/auth/user | PUT /api/auth/user | POST /api/auth/password-reset
POST /api/auth/password-confirm | GET /api/music/tracks | GET /api/music/tracks/:id
POST /api/music/tracks | PUT /api/music/tracks/:id | DELETE /api/music/tracks/:id
GET /api/music/tracks/:id/stream | GET /api/music/search | GET /api/music/genres
GET /api/music/artists | POST /api/music/tracks/:id/play | GET /api/music/metadata/:id
GET /api/music/artwork/:id | GET /api/playlists | POST /api/playlists | GET /api/playlists/:id
PUT /api/playlists/:id | DELETE /api/playlists/:id | GET /api/playlists/:id/tracks
POST /api/playlists/:id/tracks | DELETE /api/playlists/:id/tracks/:id
PUT /api/playlists/:id/reorder | GET /api/integrations/spotify/auth
POST /api/integrations/spotify/callback | GET /api/integrations/spotify/playlists
GET /api/integrations/spotify/tracks/:id | POST /api/integrations/spotify/import
DELETE /api/integrations/spotify/disconnect | GET /api/auth/spotify/callback
GET /api/user/favorites | POST /api/user/favorites/:id | DELETE /api/user/favorites/:id
GET /api/user/starred-playlists | POST /api/user/starred-playlists/:id
DELETE /api/user/starred-playlists/:id | GET /api/user/history | GET /api/user/search-history
DELETE /api/user/search-history | GET /api/scheduler/schedules | POST /api/scheduler/schedules
GET /api/scheduler/schedules/:id | PUT /api/scheduler/schedules/:id
DELETE /api/scheduler/schedules/:id | GET /api/scheduler/conflicts | GET /api/scheduler/current
POST /api/scheduler/create | PUT /api/scheduler/update/:id | DELETE /api/scheduler/delete/:id
GET /api/system/status | GET /api/system/monitoring | GET /api/system/devices
GET /api/system/logs | POST /api/system/logs/download | GET /api/system/storage
GET /api/settings/user | PUT /api/settings/user | GET /api/settings/system
PUT /api/settings/system | GET /api/settings/themes | POST /api/settings/backup
POST /api/settings/restore | GET /api/health | GET /health
"""


def test_covers_the_endpoints_of_the_requirements_and_the_contract() -> None:
    wanted = {
        one.strip().replace(":id", str(NOBODY))
        for line in REQUIREMENTS.split("\n")
        for one in line.split("|")
        if one.strip()
    }

    assert len(wanted) == 70
    assert wanted <= {f"{method} {path}" for method, path, _ in ALL}
