"""Every route of every function, for an anonymous caller and for each role."""

from importlib import import_module
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from djamms.api.route import PUBLIC, SIGNED_IN, GuardedRoute
from djamms.models.user import Role
from djamms.security.permissions import PERMISSIONS
from tests.support.api import Client
from tests.support.factories import make_user, sign_in

FUNCTIONS = (
    "auth",
    "library",
    "music",
    "playlists",
    "scheduler",
    "search",
    "settings",
    "spotify",
    "system",
)
NOBODY = UUID(int=0)


def routes() -> list[tuple[str, str, str]]:
    """(method, path, permission), with a well-formed id that nothing has."""
    return [
        (method, "/".join(_filled(part) for part in route.path.split("/")), route.permission)
        for function in FUNCTIONS
        for route in import_module(f"functions.{function}.routes").router.routes
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


def test_covers_the_endpoints_of_the_requirements() -> None:
    assert len(ALL) >= 60
