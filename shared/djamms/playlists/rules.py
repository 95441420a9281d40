"""The rules of a playlist that fills itself: conditions in groups, an order, a limit."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from djamms.api.schema import RequestModel
from djamms.errors import Unprocessable
from djamms.music.sorting import SortField, read_sort
from djamms.playlists.rule_conditions import BY_FIELD, DESCRIBED, PERSONAL, Condition, kind_of

MOST_IN_A_GROUP = 30
MOST_CONDITIONS = 60
MOST_TRACKS = 10_000
MOST_SECONDS = 7 * 24 * 3600
SORTS = [word for name in SortField for word in (name.value, f"-{name.value}")]

_EXPECTED = f"give all or any, or field, op and value; fields are {', '.join(BY_FIELD)}"
_CHOICE = Discriminator(
    kind_of, custom_error_type="unknown_condition", custom_error_message=_EXPECTED
)
_LAST_CHOICE = Discriminator(
    kind_of,
    custom_error_type="unknown_condition",
    custom_error_message=f"{_EXPECTED}; groups lie at most three deep",
)
_FEW = Field(min_length=1, max_length=MOST_IN_A_GROUP)


class Group(RequestModel):
    """What all groups share; how deep they lie is in their types."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.joined("all") is None) == (self.joined("any") is None):
            raise ValueError("a group has either all or any")
        return self

    def joined(self, word: str) -> Sequence[Any] | None:
        items: Sequence[Any] | None = getattr(self, word)
        return items

    @property
    def items(self) -> Sequence[Any]:
        return self.joined("all") or self.joined("any") or ()

    def conditions(self) -> Iterator[Condition]:
        for item in self.items:
            if isinstance(item, Group):
                yield from item.conditions()
            else:
                yield item


_Last = Annotated[Condition, _LAST_CHOICE, DESCRIBED]


class InnermostGroup(Group):
    """`all` of these conditions, or `any` of them."""

    all: Annotated[list[_Last], _FEW] | None = None
    any: Annotated[list[_Last], _FEW] | None = None


_Inner = Annotated[Condition | Annotated[InnermostGroup, Tag("group")], _CHOICE, DESCRIBED]


class InnerGroup(Group):
    """`all` of these, or `any` of them: conditions, or further groups."""

    all: Annotated[list[_Inner], _FEW] | None = None
    any: Annotated[list[_Inner], _FEW] | None = None


_Outer = Annotated[Condition | Annotated[InnerGroup, Tag("group")], _CHOICE, DESCRIBED]


class RuleLimit(RequestModel):
    """So many tracks, or as many as last so long, or whichever ends first."""

    tracks: Annotated[int, Field(ge=1, le=MOST_TRACKS)] | None = None
    seconds: Annotated[int, Field(ge=1, le=MOST_SECONDS)] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.tracks is None and self.seconds is None:
            raise ValueError("a limit has tracks or seconds")
        return self


class Rules(Group):
    """`all` or `any` of conditions and groups of them, three deep at most.

    `sort` takes the words of the list of tracks; a limit keeps the first in that order. One by time
    keeps 10,000 tracks at most.
    """

    all: Annotated[list[_Outer], _FEW] | None = None
    any: Annotated[list[_Outer], _FEW] | None = None
    sort: Annotated[str, Field(json_schema_extra={"enum": SORTS})] = SortField.ADDED.value
    limit: RuleLimit | None = None

    @field_validator("sort")
    @classmethod
    def _known(cls, word: str) -> str:
        try:
            read_sort(word)
        except Unprocessable as error:
            raise ValueError(str(error)) from error
        return word

    @property
    def are_personal(self) -> bool:
        return any(one.field in PERSONAL for one in self.conditions())

    @model_validator(mode="after")
    def _not_too_many(self) -> Self:
        if sum(1 for _ in self.conditions()) > MOST_CONDITIONS:
            raise ValueError(f"rules have at most {MOST_CONDITIONS} conditions in all")
        return self

    def stored(self) -> dict[str, Any]:
        """As JSON, without what was left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)
