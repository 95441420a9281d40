"""How many active tracks there are of each kind, kept by triggers on `tracks`.

Counting or skipping a million rows would cost more than a page. A row may count none any more.
"""

from typing import ClassVar

from sqlalchemy import BigInteger, Computed, Index, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base


class TrackCount(Base):
    """How many were added in each span of time.

    Span n of a shift holds the 2^shift seconds from n * 2^shift after 1970 on. The longest are so
    few that a list's total is their sum; a page by number is found by the longest span that it is
    in, then by the next shorter one in that.
    """

    __tablename__ = "track_counts"
    SHIFTS: ClassVar = (24, 16, 8)

    is_public: Mapped[bool] = mapped_column(primary_key=True)
    shift: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    span: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    tracks: Mapped[int] = mapped_column(BigInteger)


class GenreCount(Base):
    """By genre in each spelling; `key` is what all spellings share."""

    __tablename__ = "genre_counts"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    is_public: Mapped[bool] = mapped_column(primary_key=True)
    tracks: Mapped[int] = mapped_column(BigInteger)


class ArtistCount(Base):
    """By artist in each spelling and album; a track of three artists counts for each."""

    __tablename__ = "artist_counts"

    key: Mapped[str] = mapped_column(Text)
    # Folded; empty for tracks that are on none.
    album: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    is_public: Mapped[bool]
    tracks: Mapped[int] = mapped_column(BigInteger)
    # Of what tells rows apart: names are longer than an index takes.
    digest: Mapped[str] = mapped_column(
        Text,
        Computed(
            "md5(key || chr(31) || album || chr(31) || name || chr(31)"
            " || CASE WHEN is_public THEN 'p' ELSE '' END)",
            persisted=True,
        ),
        primary_key=True,
    )
    __table_args__ = (Index("ix_artist_counts_key", key),)


class AlbumCount(Base):
    """By album and album artist in each spelling of both."""

    __tablename__ = "album_counts"

    key: Mapped[str] = mapped_column(Text)
    artist_key: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    artist: Mapped[str] = mapped_column(Text)
    is_public: Mapped[bool]
    tracks: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(
        Text,
        Computed(
            "md5(key || chr(31) || artist_key || chr(31) || name || chr(31) || artist || chr(31)"
            " || CASE WHEN is_public THEN 'p' ELSE '' END)",
            persisted=True,
        ),
        primary_key=True,
    )
    __table_args__ = (Index("ix_album_counts_key", key, artist_key),)
