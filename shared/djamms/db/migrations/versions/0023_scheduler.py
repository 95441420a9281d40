"""Entries on several days, on dates and with priorities; overrides; what became current."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"

ENTRIES = "schedule_entries"
DAYS = (
    "cardinality(selected_days) BETWEEN 1 AND 7 AND selected_days <@ ARRAY['monday', 'tuesday', "
    "'wednesday', 'thursday', 'friday', 'saturday', 'sunday']::varchar[]"
)


def moment(name: str, *, nullable: bool = False, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def user(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey("users.id", ondelete="SET NULL"))


def upgrade() -> None:
    widen_entries()
    op.create_table(
        "schedule_overrides",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=sa.text("gen_random_uuid()")),
        sa.Column("is_stop", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("playlist_id", sa.Uuid(), sa.ForeignKey("playlists.id", ondelete="SET NULL")),
        sa.Column("reason", sa.String(255)),
        moment("starts_at"),
        moment("ends_at", nullable=True),
        moment("cancelled_at", nullable=True),
        user("created_by"),
        user("cancelled_by"),
        moment("created_at", now=True),
        sa.CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        sa.CheckConstraint("NOT is_stop OR playlist_id IS NULL", name="stop_plays_nothing"),
    )
    op.create_index("ix_schedule_overrides_playlist_id", "schedule_overrides", ["playlist_id"])
    op.create_index(
        "ix_schedule_overrides_open",
        "schedule_overrides",
        ["starts_at"],
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    add_playout()


def widen_entries() -> None:
    """The weekday of the requirements' table becomes the first of several."""
    op.add_column(ENTRIES, sa.Column("selected_days", postgresql.ARRAY(sa.String(10))))
    op.execute("UPDATE schedule_entries SET selected_days = ARRAY[day_of_week]")
    op.alter_column(ENTRIES, "selected_days", nullable=False)
    op.drop_column(ENTRIES, "day_of_week")  # its check and index go with it
    op.add_column(
        ENTRIES,
        sa.Column(
            "day_of_week",
            sa.String(10),
            sa.Computed("selected_days[1]", persisted=True),
            nullable=False,
        ),
    )
    op.create_index("idx_schedule_entries_day_time", ENTRIES, ["day_of_week", "start_time"])
    op.add_column(ENTRIES, sa.Column("starts_on", sa.Date()))
    op.add_column(ENTRIES, sa.Column("ends_on", sa.Date()))
    for dates in ("dates", "except_dates"):
        kind = postgresql.ARRAY(sa.Date())
        op.add_column(ENTRIES, sa.Column(dates, kind, nullable=False, server_default="{}"))
    op.add_column(
        ENTRIES, sa.Column("priority", sa.SmallInteger(), nullable=False, server_default="0")
    )
    op.create_check_constraint("days_known", ENTRIES, DAYS)
    op.create_check_constraint("range_in_order", ENTRIES, "starts_on <= ends_on")


def add_playout() -> None:
    op.create_table(
        "playout_zones",
        sa.Column("name", sa.String(50), primary_key=True),
        moment("followed_until"),
    )
    op.create_table(
        "playout_events",
        sa.Column("id", sa.Integer(), sa.Identity(), primary_key=True),
        sa.Column("zone", sa.String(50), sa.ForeignKey("playout_zones.name"), nullable=False),
        moment("at"),
        moment("until", nullable=True),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("entry_id", sa.Uuid()),
        sa.Column("override_id", sa.Uuid()),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("playlist_id", sa.Uuid()),
        sa.Column("playlist", sa.String(255), nullable=False),
        sa.Column("is_missed", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        moment("recorded_at", now=True),
        moment("published_at", nullable=True),
        sa.UniqueConstraint("zone", "at"),
    )
    op.create_index(
        "ix_playout_events_unpublished",
        "playout_events",
        ["id"],
        postgresql_where=sa.text("published_at IS NULL"),
    )
