"""What was searched for and clicked, and what is left of it by day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, Json


class RecordedSearch(Base):
    """One search, whose words grow while somebody types. `searcher` is the account or the pseudonym
    of a session; without a foreign key, for it is taken out long before the row goes."""

    __tablename__ = "searches"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    searched_at: Mapped[datetime] = mapped_column(index=True)
    searcher: Mapped[UUID | None] = mapped_column()
    # Who counts as one where it matters that several did so: the guests of a network are together.
    origin: Mapped[UUID | None] = mapped_column()
    # Without those two, and without words that few searched for.
    anonymised: Mapped[bool] = mapped_column(server_default=text("false"))
    query: Mapped[str] = mapped_column(Text)
    filters: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    result_count: Mapped[int]
    # The last page that was turned to.
    page: Mapped[int] = mapped_column(server_default=text("1"))
    elapsed_ms: Mapped[float] = mapped_column(REAL)
    engine: Mapped[str] = mapped_column(String(20))
    degraded: Mapped[bool] = mapped_column(server_default=text("false"))
    clicks: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    # Of the first click.
    click_position: Mapped[int | None] = mapped_column(SmallInteger)

    __table_args__ = (
        Index(
            "ix_searches_searcher",
            searcher,
            searched_at,
            postgresql_where=searcher.is_not(None),
        ),
        Index("ix_searches_origin", origin, searched_at, postgresql_where=origin.is_not(None)),
        Index("ix_searches_not_anonymous", searched_at, postgresql_where=~anonymised),
    )


class SearchClick(Base):
    """Something that was found and opened: once, however often."""

    __tablename__ = "search_clicks"

    search_id: Mapped[UUID] = mapped_column(
        ForeignKey(RecordedSearch.id, ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    document: Mapped[str] = mapped_column(String(200), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    clicked_at: Mapped[datetime]


class SearchDay(Base):
    """A day in UTC, summed up hour by hour once they are over. `summed_until`: what is before is in
    here, or in the days before."""

    __tablename__ = "search_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    searches: Mapped[int]
    searchers: Mapped[int]
    zero_results: Mapped[int]
    clicked: Mapped[int]
    abandoned: Mapped[int]
    degraded: Mapped[int]
    summed_until: Mapped[datetime]


class SearchDayValue(Base):
    """How many searches of a day had a value of `measure`: `ms`, in steps of four percent, or
    `position`, as it is."""

    __tablename__ = "search_day_values"

    day: Mapped[date] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(String(10), primary_key=True)
    engine: Mapped[str] = mapped_column(String(20), primary_key=True)
    bucket: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    searches: Mapped[int]


class SearchDayQuery(Base):
    """The words of a day."""

    __tablename__ = "search_day_queries"

    day: Mapped[date] = mapped_column(primary_key=True)
    query: Mapped[str] = mapped_column(Text, primary_key=True)
    searches: Mapped[int]
    searchers: Mapped[int]
    zero_results: Mapped[int]
    clicked: Mapped[int]
    position_sum: Mapped[int] = mapped_column(BigInteger)
