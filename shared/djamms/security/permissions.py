"""Who may do what: the one table. Row rules beside it are `WHERE`s in the repositories."""

from enum import StrEnum

from djamms.models.user import Role


class Permission(StrEnum):
    READ_TRACKS = "read:tracks"
    WRITE_TRACKS = "write:tracks"
    DELETE_TRACKS = "delete:tracks"
    READ_PLAYLISTS = "read:playlists"
    WRITE_PLAYLISTS = "write:playlists"
    DELETE_PLAYLISTS = "delete:playlists"
    READ_SCHEDULES = "read:schedules"
    WRITE_SCHEDULES = "write:schedules"
    DELETE_SCHEDULES = "delete:schedules"
    READ_SYSTEM = "read:system"
    WRITE_SYSTEM = "write:system"
    ADMIN_SYSTEM = "admin:system"
    # Beside the twelve of the requirements.
    MODERATE_CONTENT = "moderate:content"


GUEST = frozenset({Permission.READ_TRACKS, Permission.READ_PLAYLISTS, Permission.READ_SCHEDULES})
USER = GUEST | {
    Permission.WRITE_TRACKS,
    Permission.DELETE_TRACKS,
    Permission.WRITE_PLAYLISTS,
    Permission.DELETE_PLAYLISTS,
}
MODERATOR = USER | {
    Permission.WRITE_SCHEDULES,
    Permission.DELETE_SCHEDULES,
    Permission.READ_SYSTEM,
    Permission.MODERATE_CONTENT,
}
ADMIN = frozenset(Permission)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.GUEST: GUEST,
    Role.USER: USER,
    Role.MODERATOR: MODERATOR,
    Role.ADMIN: ADMIN,
}
