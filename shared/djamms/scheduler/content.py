"""What an entry says, made of what it said before and of a client's words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from djamms.errors import Unprocessable
from djamms.models.schedule import WEEKDAYS, ScheduleEntry
from djamms.scheduler.entry_schemas import EntryWords
from djamms.scheduler.venue import Playing

# What a candidate is called that has no title yet.
UNTITLED = "New entry"

# Finds the playlist that an id or a name means.
type Choose = Callable[[UUID | str], Playing]


@dataclass(frozen=True, slots=True)
class Content:
    """By the names of the columns."""

    title: str
    playlist_id: UUID | None
    selected_days: list[str]
    start_time: time
    end_time: time
    timezone: str
    starts_on: date | None
    ends_on: date | None
    dates: list[date]
    except_dates: list[date]
    priority: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class Before:
    """An entry as it was; `playlist` is what it shows, None where that is deleted."""

    content: Content
    playlist: Playing | None


def content_of(entry: ScheduleEntry) -> Content:
    return Content(**{name: getattr(entry, name) for name in Content.__slots__})


def merged(
    words: EntryWords,
    *,
    before: Before | None,
    zone: str,
    choose: Choose,
    is_candidate: bool = False,
) -> Content:
    """`zone` is that of new entries. A candidate may lack what does not say when it is due.
    Raises Unprocessable."""
    old = before.content if before else None
    dates = _given(words.dates, words, "dates", old.dates if old else [])
    untitled = UNTITLED if is_candidate else None
    is_open = is_candidate and not (before or words.playlist or words.playlist_id)
    made = Content(
        title=_needed(
            "title", meant(old.title if old else None, words.title, words.name) or untitled
        ),
        playlist_id=None if is_open else _playlist(words, before, choose),
        selected_days=_days(words, old, dates),
        start_time=_time("startTime", words.start_time, old.start_time if old else None),
        end_time=_time("endTime", words.end_time, old.end_time if old else None),
        timezone=words.timezone or (old.timezone if old else zone),
        starts_on=_cleared(words, "start_date", old.starts_on if old else None),
        ends_on=_cleared(words, "end_date", old.ends_on if old else None),
        dates=dates,
        except_dates=_given(
            words.except_dates, words, "except_dates", old.except_dates if old else []
        ),
        priority=words.priority if words.priority is not None else old.priority if old else 0,
        is_active=_is_active(words, old),
    )
    _check(made)
    return made


def meant[T](old: T | None, *given: T | None) -> T | None:
    """Of several words for one thing the first that says something new: a client that sends back
    what it read changes one of them and leaves the other."""
    return next((one for one in given if one is not None and one != old), old)


def refused(field: str, reason: str) -> Unprocessable:
    details = [{"field": field, "reason": reason}]
    return Unprocessable(f"The request is not valid. {field}: {reason}", details=details)


def _needed[T](field: str, value: T | None) -> T:
    if value is None:
        raise refused(field, "an entry needs this")
    return value


def _time(field: str, said: str | None, old: time | None) -> time:
    return _needed(field, time.fromisoformat(said) if said else old)


def _given[T](said: list[T] | None, words: EntryWords, name: str, old: list[T]) -> list[T]:
    """null is none at all."""
    return (said or []) if name in words.model_fields_set else old


def _cleared(words: EntryWords, name: str, old: date | None) -> date | None:
    said: date | None = getattr(words, name)
    return said if name in words.model_fields_set else old


def _is_active(words: EntryWords, old: Content | None) -> bool:
    found = meant(old.is_active if old else None, words.active, words.is_active)
    return True if found is None else found


def _playlist(words: EntryWords, before: Before | None, choose: Choose) -> UUID | None:
    shown = before.playlist if before else None
    playlist_id = words.playlist_id or None
    if playlist_id and (shown is None or playlist_id != shown.id):
        return choose(playlist_id).id
    name = words.playlist
    if name and (shown is None or name != shown.name):
        return choose(name).id
    is_emptied = shown is not None and name == "" and playlist_id is None
    if before is None or is_emptied:
        raise refused("playlist", "name a playlist, or give its playlistId")
    return before.content.playlist_id


def _days(words: EntryWords, old: Content | None, dates: list[date]) -> list[str]:
    """In the week's order, but for the one to show, which is the first."""
    if dates:
        found = {WEEKDAYS[one.weekday()] for one in dates}
        return _led(found, WEEKDAYS[dates[0].weekday()])
    before = old.selected_days if old else []
    selected: set[str] = set(words.selected_days or [])
    if selected and selected != set(before):
        return _led(selected, words.day)
    if words.day and words.day != (before or [""])[0]:
        # One that it has already only comes to the front.
        return _led(set(before) if words.day in before else {words.day}, words.day)
    if not before:
        raise refused("selectedDays", "name at least one day, as monday, or give dates")
    return before


def _led(days: set[str], first: str | None) -> list[str]:
    return sorted(days, key=lambda day: (day != first, WEEKDAYS.index(day)))


def _check(made: Content) -> None:
    if made.dates and (made.starts_on or made.ends_on):
        field = "startDate" if made.starts_on else "endDate"
        raise refused(field, "an entry on dates has no range: leave this or the dates out")
    if made.starts_on and made.ends_on and made.starts_on > made.ends_on:
        raise refused("endDate", "is before startDate")


def columns(content: Content) -> dict[str, Any]:
    return {name: getattr(content, name) for name in Content.__slots__}
