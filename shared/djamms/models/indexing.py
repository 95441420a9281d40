"""What search on OpenSearch is told, and its indices; the outbox is written by triggers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Identity,
    Index,
    Sequence,
    SmallInteger,
    String,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, Json

# Of what is written to OpenSearch: drawn while no one else writes there.
VERSION = Sequence("search_version", metadata=Base.metadata)


class IndexState(StrEnum):
    """`wanted`: it is not there yet."""

    WANTED = "wanted"
    BUILDING = "building"
    LIVE = "live"


class SearchChange(Base):
    """Something may be otherwise than OpenSearch has it: `document` is the id of a track or
    playlist, the key of an artist, both keys of an album (with U+001F between them). `urgency`:
    2 was edited, 1 is new, 0 only ranks otherwise."""

    __tablename__ = "search_outbox"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    urgency: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"), default=1)
    changed_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (Index("ix_search_outbox_next", urgency.desc(), "id"),)


class SearchIndex(Base):
    """An index that is told of changes. At most one is live, and at most one on its way."""

    __tablename__ = "search_indexes"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    # A hash of its settings and mappings.
    definition: Mapped[str] = mapped_column(String(64))
    # Up to where each kind has been read; null once all of it has.
    cursors: Mapped[Json] = mapped_column(server_default=text("'{}'"), default=dict)
    documents: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    expected: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    # Documents that the mapping does not take: the log says which and why.
    refused: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    live_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('wanted', 'building', 'live')", name="state_known"),
        Index("ix_search_indexes_one_each", text("(state = 'live')"), unique=True),
    )
