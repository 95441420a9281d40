"""What a fresh installation starts with. Running it again adds what is missing, changes nothing."""

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session as Database

from djamms.auth.repository import OPEN_REGISTRATION, add_user, admin_exists
from djamms.genres import CATEGORIES, slug
from djamms.models.playlist import Playlist
from djamms.models.system import Category, Genre, SystemSetting
from djamms.models.user import Role
from djamms.observability import logger
from djamms.security.passwords import hash_password
from djamms.security.repository import GUEST_ACCESS
from djamms.system import repository

DEFAULT_PLAYLISTS = {
    "House Default": "Plays whenever nothing else is due, so that there is never silence.",
    "Opening": "For the first hours of the day.",
    "Peak Time": "For when the room is full.",
    "Closing": "For winding down.",
}

SETTINGS: dict[str, tuple[Any, str]] = {
    GUEST_ACCESS: (True, "Whether people without an account may look at what is public."),
    OPEN_REGISTRATION: (True, "Whether anyone may make an account."),
    "venue.timezone": ("UTC", "The IANA time zone that new schedule entries start with."),
    "playlist.default": ("House Default", "The playlist that plays when nothing is due."),
    "trash.retention_days": (30, "How long a deleted track can be restored."),
    "audit.retention_days": (365, "How long security events are kept: 30 days at least."),
    "accounts.grace_days": (14, "How long a deleted account can be brought back."),
    "playlists.history_days": (365, "How long a playlist's versions can be restored."),
    "search.anonymise_days": (30, "After how long a recorded search is nobody's any more."),
    "search.retention_days": (365, "How long searches are kept one by one; by day for ever."),
    "search.least_searchers": (3, "Reports show words that so many searched for in one day."),
    "monitoring.baselines": (
        {"cpu_percent": 90, "memory_percent": 90, "disk_percent": 90, "database_ms": 250},
        "From which values on the status is a warning.",
    ),
}


def seed(database: Database, *, admin: dict[str, str]) -> None:
    """`admin` holds email, username and password of the first administrator."""
    for model, rows in (
        (Category, _categories()),
        (Genre, _genres()),
        (Playlist, _playlists()),
        (SystemSetting, _settings()),
    ):
        repository.insert_missing(database, model, rows)
    if admin_exists(database):
        return
    user = add_user(
        database,
        username=admin["username"],
        email=admin["email"].lower(),
        password_hash=hash_password(admin["password"]),
        name=None,
        role=Role.ADMIN,
    )
    logger.info("admin_created" if user else "admin_name_taken")


def default_playlist_id(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"https://djamms.com/playlists/{slug(name)}")


def _categories() -> list[dict[str, Any]]:
    return [
        {"slug": slug(name), "name": name, "position": position}
        for position, name in enumerate(CATEGORIES)
    ]


def _genres() -> list[dict[str, Any]]:
    return [
        {"slug": slug(name), "name": name, "category_slug": slug(category)}
        for category, names in CATEGORIES.items()
        for name in names
    ]


def _playlists() -> list[dict[str, Any]]:
    return [
        {"id": default_playlist_id(name), "name": name, "description": text, "is_public": True}
        for name, text in DEFAULT_PLAYLISTS.items()
    ]


def _settings() -> list[dict[str, Any]]:
    return [
        {"key": key, "value": value, "description": description}
        for key, (value, description) in SETTINGS.items()
    ]
