"""What was searched for and clicked, and what is left of it by day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, REAL

revision = "0018"
down_revision = "0017"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    make_searches()
    make_clicks()
    make_days()


def make_searches() -> None:
    op.create_table(
        "searches",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("searched_at", MOMENT, nullable=False),
        sa.Column("searcher", sa.Uuid),
        sa.Column("origin", sa.Uuid),
        sa.Column("anonymised", sa.Boolean, server_default=sa.text("false"), nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("filters", JSONB, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("result_count", sa.Integer, nullable=False),
        sa.Column("page", sa.Integer, server_default=sa.text("1"), nullable=False),
        sa.Column("elapsed_ms", REAL, nullable=False),
        sa.Column("engine", sa.String(20), nullable=False),
        sa.Column("degraded", sa.Boolean, server_default=sa.text("false"), nullable=False),
        sa.Column("clicks", sa.SmallInteger, server_default=sa.text("0"), nullable=False),
        sa.Column("click_position", sa.SmallInteger),
        sa.PrimaryKeyConstraint("id", name="pk_searches"),
    )
    op.create_index("ix_searches_searched_at", "searches", ["searched_at"])
    for name, columns, where in (
        ("ix_searches_searcher", ["searcher", "searched_at"], "searcher IS NOT NULL"),
        ("ix_searches_origin", ["origin", "searched_at"], "origin IS NOT NULL"),
        ("ix_searches_not_anonymous", ["searched_at"], "NOT anonymised"),
    ):
        op.create_index(name, "searches", columns, postgresql_where=sa.text(where))


def make_clicks() -> None:
    op.create_table(
        "search_clicks",
        sa.Column("search_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("position", sa.SmallInteger, nullable=False),
        sa.Column("clicked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["search_id"],
            ["searches.id"],
            name="fk_search_clicks_search_id_searches",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("search_id", "kind", "document", name="pk_search_clicks"),
    )


def make_days() -> None:
    counts = ("searches", "searchers", "zero_results", "clicked")
    op.create_table(
        "search_days",
        sa.Column("day", sa.Date, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counts),
        sa.Column("abandoned", sa.Integer, nullable=False),
        sa.Column("degraded", sa.Integer, nullable=False),
        sa.Column("summed_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_search_days"),
    )
    op.create_table(
        "search_day_values",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("measure", sa.String(10), nullable=False),
        sa.Column("engine", sa.String(20), nullable=False),
        sa.Column("bucket", sa.SmallInteger, nullable=False),
        sa.Column("searches", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "measure", "engine", "bucket", name="pk_search_day_values"),
    )
    op.create_table(
        "search_day_queries",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counts),
        sa.Column("position_sum", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("day", "query", name="pk_search_day_queries"),
    )
