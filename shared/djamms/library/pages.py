"""Pages of what a person collected, newest first: by number, or behind a cursor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from djamms.db.types import AnyRow
from djamms.playlists.cursor import read_list_cursor, write_list_cursor


@dataclass(frozen=True, slots=True)
class Asked:
    page: int
    cursor: str | None
    limit: int


class Window(NamedTuple):
    """Which rows to read: behind a place, or from an offset; one more than wanted tells whether
    there is a next page."""

    after: tuple[datetime, UUID] | None
    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class Page[T]:
    rows: list[T]
    total: int
    next_cursor: str | None


def window_of(asked: Asked) -> Window:
    """Raises BadRequest for a cursor that was made up."""
    after = read_list_cursor(asked.cursor) if asked.cursor else None
    return Window(after, 0 if after else (asked.page - 1) * asked.limit, asked.limit + 1)


def page_of[T](
    rows: Sequence[AnyRow],
    asked: Asked,
    *,
    present: Callable[[AnyRow], T],
    count: Callable[[], int],
) -> Page[T]:
    """From rows with `at` and `row_id`. Counts only where the first page is not all there is."""
    shown, more = rows[: asked.limit], len(rows) > asked.limit
    is_all = asked.page == 1 and not asked.cursor and not more
    return Page(
        rows=[present(row) for row in shown],
        total=len(shown) if is_all else count(),
        next_cursor=write_list_cursor((shown[-1].at, shown[-1].row_id)) if more else None,
    )
