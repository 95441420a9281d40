from dataclasses import dataclass
from uuid import UUID

from djamms.models.user import Role
from djamms.security.permissions import PERMISSIONS, Permission


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling. An anonymous caller has no user and the role guest."""

    user_id: UUID | None
    role: Role
    session_id: UUID | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        return PERMISSIONS[self.role]

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None

    @property
    def is_guest(self) -> bool:
        """Anonymous, or an account that may see no more than that."""
        return self.role == Role.GUEST

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def moderates(self) -> bool:
        return self.role in (Role.MODERATOR, Role.ADMIN)


GUEST_PRINCIPAL = Principal(user_id=None, role=Role.GUEST)
