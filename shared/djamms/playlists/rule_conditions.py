"""The conditions that a rule is made of. Each kind is a model of its own, so that an error names
the operations and values that a field takes."""

from datetime import date
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import Field, Tag, WithJsonSchema, field_validator

from djamms.api.schema import RequestModel

MOST_DAYS = 36_500

TextField = Literal[
    "title",
    "artist",
    "album",
    "albumArtist",
    "genre",
    "composer",
    "label",
    "key",
    "source",
]
NumberField = Literal["year", "duration", "bitrate", "bpm", "rating", "plays", "popularity"]
TimeField = Literal["added", "lastPlayed"]
FlagField = Literal["explicit", "favorite"]
# What a track may leave unsaid.
MaybeField = Literal[
    "album",
    "albumArtist",
    "genre",
    "composer",
    "label",
    "key",
    "year",
    "bitrate",
    "bpm",
    "rating",
    "lastPlayed",
]
# Speaks of the playlist's owner, and of nobody where there is none.
OF_THE_OWNER = frozenset({"lastPlayed", "favorite"})
# Shows what one person did or may read, to whoever reads the playlist: theirs alone to set.
PERSONAL = OF_THE_OWNER | {"inPlaylist"}
Number = Annotated[int, Field(ge=0, le=2_000_000_000)]


class TextCondition(RequestModel):
    """In any case, with or without accents; of several artists or genres each counts."""

    field: TextField
    op: Literal["is", "isNot", "contains", "notContains", "startsWith"]
    value: Annotated[str, Field(min_length=1, max_length=255)]


class NumberCondition(RequestModel):
    """`duration` in seconds, `bitrate` in kbit/s, `popularity` in percent."""

    field: NumberField
    op: Literal["is", "isNot", "atLeast", "atMost", "above", "below"]
    value: Number


class RangeCondition(RequestModel):
    """Both ends included."""

    field: NumberField
    op: Literal["between"]
    value: Annotated[list[Number], Field(min_length=2, max_length=2)]

    @field_validator("value")
    @classmethod
    def _upwards(cls, value: list[int]) -> list[int]:
        if value[0] > value[1]:
            raise ValueError("the first number must not be above the second")
        return value


class AgeCondition(RequestModel):
    """Within the last so many days; `lastPlayed` is when the playlist's owner last heard it."""

    field: TimeField
    op: Literal["inLast", "notInLast"]
    value: Annotated[int, Field(ge=1, le=MOST_DAYS)]


class DateCondition(RequestModel):
    """Before a day begins in UTC, or from then on."""

    field: TimeField
    op: Literal["before", "from"]
    value: date


class KnownCondition(RequestModel):
    """Whether a track says it at all. What was never played has no `lastPlayed`."""

    field: MaybeField
    op: Literal["isKnown", "isUnknown"]


class FlagCondition(RequestModel):
    """`favorite` is one of the playlist's owner."""

    field: FlagField
    op: Literal["is"]
    value: bool


class PlaylistCondition(RequestModel):
    """In another playlist, one whose tracks were put in by hand."""

    field: Literal["inPlaylist"]
    op: Literal["is", "isNot"]
    value: UUID


Condition = (
    Annotated[TextCondition, Tag("text")]
    | Annotated[NumberCondition, Tag("number")]
    | Annotated[RangeCondition, Tag("range")]
    | Annotated[AgeCondition, Tag("age")]
    | Annotated[DateCondition, Tag("date")]
    | Annotated[KnownCondition, Tag("known")]
    | Annotated[FlagCondition, Tag("flag")]
    | Annotated[PlaylistCondition, Tag("playlist")]
)
_WORDS = (
    f"Texts ({', '.join(get_args(TextField))}) take is, isNot, contains, notContains, startsWith. "
    f"Numbers ({', '.join(get_args(NumberField))}) take is, isNot, atLeast, atMost, above, below, "
    "and between with a list of two. Times (added, lastPlayed) take inLast and notInLast with a "
    "number of days, before and from with a date. explicit and favorite take is with true or "
    "false, inPlaylist is and isNot with a playlist's id. What may be unsaid takes isKnown and "
    "isUnknown without a value. lastPlayed and favorite speak of the playlist's owner."
)
_ITEMS = {"anyOf": [{"type": "array", "items": {"type": "object"}}, {"type": "null"}]}
# The full schema of each kind, three levels deep, would be most of the API's description.
DESCRIBED = WithJsonSchema(
    {
        "type": "object",
        "description": f"field, op and value, or a group with all or any. {_WORDS}",
        "properties": {
            "field": {"type": "string"},
            "op": {"type": "string"},
            "value": {"anyOf": [{"type": t} for t in ("string", "integer", "boolean", "array")]},
            "all": _ITEMS,
            "any": _ITEMS,
        },
        "additionalProperties": False,
    }
)
BY_FIELD: dict[str, str] = {
    **dict.fromkeys(get_args(TextField), "text"),
    **dict.fromkeys(get_args(NumberField), "number"),
    **dict.fromkeys(get_args(TimeField), "date"),
    **dict.fromkeys(get_args(FlagField), "flag"),
    "inPlaylist": "playlist",
}
BY_OP = {
    "isKnown": "known",
    "isUnknown": "known",
    "inLast": "age",
    "notInLast": "age",
    "between": "range",
}


def kind_of(item: Any) -> str | None:
    """Which model reads an item: of a wrong one that whose message helps most."""
    if isinstance(item, RequestModel):
        item = item.model_dump()
    if not isinstance(item, dict):
        return None
    if "all" in item or "any" in item:
        return "group"
    field, op = str(item.get("field")), str(item.get("op"))
    return BY_OP.get(op, BY_FIELD[field]) if field in BY_FIELD else None
