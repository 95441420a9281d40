"""docs/permissions.md: who may call what, as tables made from the code."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from djamms.api.route import EXTENSION, PUBLIC, SIGNED_IN, may_call
from djamms.models.user import Role
from djamms.security.permissions import PERMISSIONS, Permission
from djamms.security.principal import GUEST_PRINCIPAL, Principal
from local import openapi
from local.paths import ROOT

DOCUMENT = ROOT / "docs" / "permissions.md"
ANYONE = UUID(int=0)
CALLERS = {"anonymous": GUEST_PRINCIPAL} | {role.value: Principal(ANYONE, role) for role in Role}
YES, NO = "yes", "no"
INTRODUCTION = f"""# Who may do what

Made from the code by `djamms permissions`; a test tries every line below as each of the callers.

Roles and permissions are one table, `shared/djamms/security/permissions.py`; each route states one
permission, or `{PUBLIC}` (anyone), or `{SIGNED_IN}` (any account, for its own things). On top of
that come the rules for rows, which are conditions of the queries: a user edits own playlists only,
a guest sees what is public only. Somebody without an account is a guest while the system setting
`guest.access` is true, and else may call what is `{PUBLIC}`.

"""


def render() -> str:
    roles = _table(("permission", *Role), _permissions())
    routes = _table(("method", "route", "needs", *CALLERS), _routes())
    return f"{INTRODUCTION}## Roles\n\n{roles}\n## Routes\n\n{routes}"


def _permissions() -> Iterator[Iterable[str]]:
    for permission in Permission:
        yield (f"`{permission}`", *(_said(permission in PERMISSIONS[role]) for role in Role))


def _routes() -> Iterator[Iterable[str]]:
    for path, item in sorted(openapi.build()["paths"].items()):
        for method in (one for one in openapi.METHODS if one in item):
            needed = item[method][EXTENSION]
            callers = (_said(may_call(caller, needed)) for caller in CALLERS.values())
            yield (method.upper(), f"`{path}`", f"`{needed}`", *callers)


def _said(allowed: bool) -> str:
    return YES if allowed else NO


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    cells = list(head)
    lines = [cells, ["---"] * len(cells), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
