"""A page of another origin shows the week: it compares days and times as text, as the stock pages
do, so that `10:00:00` or `Monday` would leave a cell empty."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Person
from tests.e2e.stack.test_browser import Site, visit
from tests.support.stack import LocalStack

pytestmark = pytest.mark.system

PAGE = """<!doctype html><table id="grid"></table><script>
const API = %(api)s, SAID = %(said)s, ENTRIES = %(entries)s
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const HOURS = [...Array(24).keys()].map(hour => String(hour).padStart(2, '0') + ':00')
const call = async (method, path, body) => {
  const headers = { 'Content-Type': 'application/json' }
  if (method !== 'GET') headers.Authorization = SAID
  const reply = await fetch(API + path, { method, headers, body: body && JSON.stringify(body) })
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`)
  return reply.json()
}
const covers = (entry, day, hour) => {
  const on = one => entry.selectedDays.includes(DAYS[(one + 7) %% 7])
  const start = entry.startTime, end = entry.endTime
  if (end > start) return on(day) && start <= hour && hour < end
  return (on(day) && start <= hour) || (on(day - 1) && hour < end)
}
const draw = plan => HOURS.forEach(hour => {
  const row = document.getElementById('grid').insertRow()
  DAYS.forEach((name, day) => {
    const cell = row.insertCell()
    cell.id = name + ' ' + hour
    const shown = plan.filter(entry => covers(entry, day, hour))
    cell.textContent = shown.map(entry => entry.name + '/' + entry.playlist.trim()).join()
  })
})
const run = async () => {
  for (const entry of ENTRIES) await call('POST', '/scheduler/create', entry)
  const moved = { ...ENTRIES[0], startTime: '09:00' }
  await call('PUT', '/scheduler/update/' + moved.id, moved)
  draw(await call('GET', '/scheduler/schedules'))
  for (const { id } of ENTRIES) await call('DELETE', '/scheduler/delete/' + id)
  const cells = [...document.querySelectorAll('td')].filter(cell => cell.innerText)
  return { cells: Object.fromEntries(cells.map(cell => [cell.id, cell.innerText])) }
}
const tell = found => fetch('/', { method: 'POST', body: JSON.stringify(found) })
run().then(tell, error => tell({ error: String(error) }))
</script>"""


def entry(number: int, title: str, **words: Any) -> dict[str, Any]:
    """As the pages have it before it is saved."""
    known = {"playlist": "Grid", "type": "playlist", "active": True, "tracks": []}
    return {"id": f"17000000000{number}", "title": title, **known, **words}


def test_the_week_as_a_grid(stack: LocalStack, admin: Person, site: Site, tmp_path: Path) -> None:
    admin.ok("POST", "/playlists", json={"name": "Grid", "isPublic": True})
    entries = [
        entry(1, "Brunch", day="sunday", selectedDays=[], startTime="8:00", endTime="11:00"),
        entry(2, "Work", selectedDays=["Monday", "tuesday"], startTime="14:00", endTime="15:30"),
        entry(3, "Late", day="saturday", startTime="23:00", endTime="01:00"),
    ]
    said = admin.http.headers["Authorization"]
    words = {"api": stack.api, "said": said, "entries": entries}
    site.html = (PAGE % {name: json.dumps(value) for name, value in words.items()}).encode()

    found = visit(site, tmp_path)

    assert found == {
        "cells": {
            "sunday 00:00": "Late/Grid",
            "sunday 09:00": "Brunch/Grid",
            "sunday 10:00": "Brunch/Grid",
            "monday 14:00": "Work/Grid",
            "tuesday 14:00": "Work/Grid",
            "monday 15:00": "Work/Grid",
            "tuesday 15:00": "Work/Grid",
            "saturday 23:00": "Late/Grid",
        }
    }
