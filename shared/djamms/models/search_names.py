"""What suggestions on PostgreSQL look into: made by triggers from the counts and the playlists."""

from sqlalchemy import Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base


class SearchName(Base):
    """An artist (kind 1), an album (2) or an active playlist (3). `keys` are those in the counts,
    or the playlist's id; `whole` is all words in one. Those without tracks have magnitude 0."""

    __tablename__ = "search_names"

    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    words: Mapped[list[str]] = mapped_column(ARRAY(Text))
    whole: Mapped[str] = mapped_column(Text)
    # Rises when the number of tracks doubles: mostly it stays as it is.
    magnitude: Mapped[int] = mapped_column(SmallInteger)
    is_public: Mapped[bool]


class SearchNameWord(Base):
    """A word of a name, or all of them in one."""

    __tablename__ = "search_name_words"

    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    word: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    magnitude: Mapped[int] = mapped_column(SmallInteger)
    is_public: Mapped[bool]

    __table_args__ = (
        Index(
            "ix_search_name_words_magnitude",
            kind,
            magnitude,
            word,
            postgresql_include=["is_public", "digest"],
        ),
        Index(
            "ix_search_name_words_word",
            kind,
            word,
            magnitude,
            postgresql_include=["is_public", "digest"],
        ),
    )


class SearchNameWordForm(Base):
    """Each word that a name has, to be found though it is slipped on; of a name that is gone until
    the next clean-up."""

    __tablename__ = "search_name_vocabulary"

    word: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)

    __table_args__ = (
        Index(
            "ix_search_name_vocabulary_beginnings",
            text("search_beginnings(word)"),
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
    )
