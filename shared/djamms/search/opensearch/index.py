"""The index behind one alias, and what its documents hold.

Source: https://docs.opensearch.org/latest/field-types/supported-field-types/index/
"""

from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict

from djamms.search.opensearch.analysis import analysis

# What searches ask; indices are named after it and the time they were made.
ALIAS = "djamms"


class Document(TypedDict):
    """Of `tracks` all fields; of the others those of their name and what they are ranked by.
    `popularity` is 0 to 100, of artists, albums and playlists as their number of tracks says it.
    `keys`: an artist's key, or an album's and its artist's, in `artist_counts`/`album_counts`.
    `readers` of a playlist that is not public: the users who see it."""

    kind: Literal["track", "artist", "album", "playlist"]
    id: str
    title: str
    is_public: bool
    popularity: int
    artist: NotRequired[str]
    artists: NotRequired[list[str]]
    album: NotRequired[str | None]
    # Keys of genres, see djamms.genres.genre_key; and the first in words.
    genres: NotRequired[list[str]]
    genre: NotRequired[str | None]
    year: NotRequired[int | None]
    duration: NotRequired[int]
    bitrate: NotRequired[int | None]
    key: NotRequired[str | None]
    bpm: NotRequired[int | None]
    play_count: NotRequired[int]
    # Genres, moods and people's own words.
    tags: NotRequired[list[str]]
    # Without the genres: what is found by its words.
    own_tags: NotRequired[list[str]]
    added: NotRequired[datetime]
    tracks: NotRequired[int]
    keys: NotRequired[list[str]]
    readers: NotRequired[list[str]]


def document_id(kind: str, key: str) -> str:
    """`key`: the id of a track or playlist; the MD5 of the keys of an artist or album."""
    return f"{kind}:{key}"


def definition() -> dict[str, Any]:
    """Settings and mappings of a new index."""
    keyword = {"type": "keyword"}
    return {
        "settings": {
            "number_of_shards": 1,
            # As soon as there is a second node.
            "auto_expand_replicas": "0-1",
            "refresh_interval": "500ms",
            # A search is short: to share it between threads costs more than it saves.
            "search": {"concurrent_segment_search": {"mode": "none"}},
            # Longer than a delete may be late, so that an older version finds it was deleted.
            "gc_deletes": "1h",
            "analysis": analysis(),
        },
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "kind": keyword,
                "id": {"type": "keyword", "index": False},
                "title": _parted_name(),
                "artist": _parted_name(),
                "artists": keyword,
                "album": _name(),
                "own_tags": _words(),
                # All of them, for words that are near.
                "all": {"type": "text", "analyzer": "whole_words", **_BARE},
                "genres": keyword,
                "genre": {"type": "keyword", "normalizer": "lower"},
                "year": {"type": "short"},
                "duration": {"type": "integer"},
                "bitrate": {"type": "integer"},
                "key": keyword | {"fields": {"lower": {"type": "keyword", "normalizer": "lower"}}},
                "bpm": {"type": "short"},
                "popularity": {"type": "byte"},
                "play_count": {"type": "long"},
                "tags": {
                    "type": "keyword",
                    "normalizer": "lower",
                    "fields": {"key": {"type": "keyword", "normalizer": "key"}},
                },
                "added": {"type": "date"},
                "tracks": {"type": "integer"},
                "keys": {"type": "keyword", "index": False},
                "is_public": {"type": "boolean"},
                "readers": keyword,
            },
        },
    }


# The longest name that is an exact one.
LONGEST_NAME = 512
# Scores are constants: neither lengths nor frequencies are kept.
_BARE = {"index_options": "docs", "norms": False}


def _words() -> dict[str, Any]:
    """By words and their beginnings."""
    return {
        "type": "text",
        "analyzer": "words",
        "copy_to": "all",
        "index_prefixes": {"min_chars": 1, "max_chars": 10},
        **_BARE,
    }


def _name() -> dict[str, Any]:
    """As a whole too, sorted and parts of it."""
    return _words() | {
        "fields": {
            "name": _whole("name"),
            "plain": {"type": "keyword", "normalizer": "plain", "ignore_above": LONGEST_NAME},
        },
    }


def _parted_name() -> dict[str, Any]:
    """By parts of words and by neighbours written as one, too."""
    name = _name()
    fields = {
        "keyword": {"type": "keyword", "ignore_above": LONGEST_NAME},
        "whole": _whole("whole"),
        "joined": {"type": "text", "analyzer": "joined", **_BARE},
        "endings": {"type": "text", "analyzer": "endings", **_BARE},
    }
    return name | {"fields": name["fields"] | fields}


def _whole(normalizer: str) -> dict[str, Any]:
    return {
        "type": "keyword",
        "normalizer": normalizer,
        "doc_values": False,
        "ignore_above": LONGEST_NAME,
    }
