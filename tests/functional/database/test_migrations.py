import warnings

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.orm import Session

from djamms.db.migrate import upgrade
from djamms.models.playlist import Playlist
from djamms.models.registry import metadata
from djamms.models.system import Category, Genre, SystemSetting
from djamms.models.user import Role, User
from djamms.system.seed import seed

ADMIN = {"email": "Boss@x.test", "username": "boss", "password": "secret"}


def test_migrated_schema_equals_the_models(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})

    with warnings.catch_warnings():
        # Alembic cannot compare a generated column's expression; the next test does.
        warnings.filterwarnings("ignore", message="Computed default")
        difference = compare_metadata(context, metadata)

    assert difference == []


EXPRESSION_OF = text(
    "SELECT generation_expression FROM information_schema.columns "
    "WHERE table_name = :table AND column_name = 'magnitude'"
)


def test_magnitude_of_words_is_generated_as_the_model_says(connection: Connection) -> None:
    column = metadata.tables["search_words"].c.magnitude
    assert column.computed is not None
    generated = f"smallint GENERATED ALWAYS AS ({column.computed.sqltext}) STORED"
    connection.exec_driver_sql(f"CREATE TEMP TABLE model (tracks integer, magnitude {generated})")

    migrated, modelled = (
        connection.scalar(EXPRESSION_OF, {"table": table}) for table in ("search_words", "model")
    )

    assert migrated == modelled


def test_upgrading_again_changes_nothing(database: Engine) -> None:
    upgrade(database)


def test_all_ten_tables_of_the_requirements_are_there() -> None:
    required = {
        *("users", "tracks", "playlists", "playlist_tracks", "user_favorites"),
        *("starred_playlists", "schedule_entries", "playback_history", "search_history"),
        "system_settings",
    }
    assert required <= metadata.tables.keys()


@pytest.mark.parametrize("model", [Playlist, Category, Genre, SystemSetting, User])
def test_seeding_again_adds_nothing(session: Session, model: type) -> None:
    count = select(func.count()).select_from(model)
    before = session.scalar(count)

    seed(session, admin=ADMIN)

    assert before == session.scalar(count)
    assert before


def test_seeding_makes_the_first_admin_only(session: Session) -> None:
    admins = select(User.username).where(User.role == Role.ADMIN)

    seed(session, admin=ADMIN)

    assert session.scalars(admins).all() == ["root"]


def test_seeding_keeps_a_changed_setting(session: Session) -> None:
    setting = session.get_one(SystemSetting, "venue.timezone")
    setting.value = "Europe/Berlin"
    session.flush()

    seed(session, admin=ADMIN)

    session.refresh(setting)
    assert setting.value == "Europe/Berlin"
