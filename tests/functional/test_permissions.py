"""Every route of every function, for an anonymous caller and for each role."""

from importlib import import_module
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import APIRouter
from sqlalchemy.orm import Session

from djamms.api.route import PUBLIC, SIGNED_IN, GuardedRoute, create_router
from djamms.models.user import Role
from djamms.security.permissions import PERMISSIONS
from local import openapi
from tests.support.api import Client
from tests.support.description import operations
from tests.support.factories import make_user, sign_in

NOBODY = UUID(int=0)
FUNCTIONS = Path(__file__).parents[2] / "functions"


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
        (method, "/".join(_filled(part) for part in route.path.split("/")), route.permission)
        for router in routers()
        for route in router.routes
        if isinstance(route, GuardedRoute)
        for method in sorted(route.methods or ())
    ]


def _filled(part: str) -> str:
    return str(NOBODY) if part.startswith("{") else part


ALL = routes()
GUARDED = [route for route in ALL if route[2] != PUBLIC]


def allows(role: Role, permission: str) -> bool:
    if permission == SIGNED_IN:
        return role != Role.GUEST
    return permission in PERMISSIONS[role]


@pytest.mark.parametrize(("method", "path", "permission"), ALL)
def test_anonymous_caller(anonymous: Client, method: str, path: str, permission: str) -> None:
    status = anonymous.send(method, path).status

    closed = permission != PUBLIC and not allows(Role.GUEST, permission)
    assert (status == 401) == closed or (path == "/api/auth/refresh" and status == 401)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "path", "permission"), GUARDED)
def test_role(session: Session, role: Role, method: str, path: str, permission: str) -> None:
    client = Client().as_(sign_in(session, make_user(session, "someone", role)))

    status = client.send(method, path).status

    # A guest account is an account: it may do what is for any account's own things.
    allowed = permission == SIGNED_IN or allows(role, permission)
    assert (status == 403) == (not allowed)
    assert status != 401
    assert status < 500 or status == 501


def test_tries_every_route_of_the_description() -> None:
    described = {
        (one.method, "/".join(_filled(part) for part in one.path.split("/")), one.permission)
        for one in operations(openapi.build())
    }

    assert len(described) >= 70
    assert described <= set(ALL)


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
