"""What search on PostgreSQL looks into: made from `tracks` by triggers."""

from uuid import UUID

from sqlalchemy import Computed, Index, Integer, SmallInteger, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base

# Lowest popularity of each tier. A tier is a partition: the most popular tracks lie side by side
# and are looked at first, so that a word of a hundred thousand tracks costs as much as a rare one.
TIERS = (81, 60, 40, 20, 0)


class SearchDocument(Base):
    """One active track. `words` holds its words (title A, artist B, album and tags C) and, under
    signs that no word has, what it is filtered by; see `search_document()` in the migration."""

    __tablename__ = "search_documents"

    track_id: Mapped[UUID] = mapped_column(primary_key=True)
    tier: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    popularity: Mapped[int] = mapped_column(SmallInteger)
    is_public: Mapped[bool]
    duration_seconds: Mapped[int]
    year: Mapped[int | None]
    bitrate_kbps: Mapped[int | None]
    # In lower case, and the artist without accents.
    genre: Mapped[str | None] = mapped_column(String(100))
    artist: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(TSVECTOR)
    # Genres and tags in lower case; null where `genre` says it all.
    tags: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    musical_key: Mapped[str | None] = mapped_column(String(10))
    # Rounded.
    bpm: Mapped[int | None] = mapped_column(SmallInteger)

    __table_args__ = (
        Index(
            "ix_search_documents_words",
            words,
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
        Index(
            "ix_search_documents_artist_trigrams",
            artist,
            postgresql_using="gin",
            postgresql_ops={"artist": "gin_trgm_ops"},
            postgresql_with={"fastupdate": "off"},
        ),
        {"postgresql_partition_by": "LIST (tier)"},
    )


class SearchWord(Base):
    """A word of at least one active track, and in how many it is."""

    __tablename__ = "search_words"

    word: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    tracks: Mapped[int] = mapped_column(Integer)
    public_tracks: Mapped[int] = mapped_column(Integer)
    # Rises when `tracks` doubles: an index on it stays still while the counts move.
    magnitude: Mapped[int] = mapped_column(
        SmallInteger, Computed("length(ltrim(tracks::bit(31)::text, '0'))", persisted=True)
    )

    __table_args__ = (
        Index("ix_search_words_magnitude", magnitude, word),
        Index(
            "ix_search_words_trigrams",
            word,
            postgresql_using="gin",
            postgresql_ops={"word": "gin_trgm_ops"},
        ),
        Index(
            "ix_search_words_deletions",
            text("search_deletions(word)"),
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
        Index(
            "ix_search_words_beginnings",
            text("search_beginnings(word)"),
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
        {"postgresql_with": {"fillfactor": 70}},
    )
