"""Migrations, forward only: `upgrade` brings a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Connection, Engine, NullPool, text

from djamms.db.session import create_database_engine

# To fill in a new table from a million tracks takes minutes.
PATIENCE_SECONDS = 840
# Two deployments at once: the second waits here until the first is through.
ADVISORY_LOCK = 0x646A616D


def alembic_config(connection: Connection | None = None) -> AlembicConfig:
    options = AlembicConfig()
    options.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    options.attributes["connection"] = connection
    return options


def migration_engine(url: str) -> Engine:
    return create_database_engine(url, patience_seconds=PATIENCE_SECONDS, poolclass=NullPool)


def upgrade(engine: Engine, revision: str = "head") -> None:
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        command.upgrade(alembic_config(connection), revision)
