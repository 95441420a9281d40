from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from djamms import clock
from tests.support.api import Client, next_link
from tests.support.factories import make_track

SORTS = ("added", "title", "artist", "album", "year", "duration", "popularity", "plays")
# Of one instant, of one span of each length, and far apart.
AGES = (0, 0, 3, 300, 5_000, 90_000, 91_000, 40_000_000, 90_000_000)


@pytest.fixture
def library(session: Session) -> list[str]:
    """Nine tracks with ties in every column, added over several years."""
    now = clock.now()
    return [
        make_track(
            session,
            f"T{n % 4}",
            artist=f"A{n % 3}",
            album=None if n == 4 else f"L{n % 2}",
            year=None if n == 5 else 2000 + n % 3,
            duration_seconds=100 + n % 2,
            popularity=n % 5,
            play_count=n % 4,
            created_at=now - timedelta(seconds=AGES[n]),
            is_public=n != 8,
        ).title
        for n in range(9)
    ]


def walk(client: Client, path: str) -> list[str]:
    """All ids along the links from a page to the next."""
    ids: list[str] = []
    while path:
        reply = client.get(path)
        assert reply.status == 200
        ids += [track["id"] for track in reply.json()["tracks"]]
        path = next_link(reply)
    return ids


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS), "newest", "oldest"])
def test_cursor_and_number_walk_the_same_way(anonymous: Client, sort: str) -> None:
    pages = [
        anonymous.get(f"/api/music/tracks?limit=3&page={page}&sort={sort}").json()["tracks"]
        for page in (1, 2, 3, 4)
    ]

    by_number = [track["id"] for page in pages for track in page]
    assert len(set(by_number)) == len(by_number) == 8
    assert walk(anonymous, f"/api/music/tracks?limit=3&sort={sort}") == by_number


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("sort", "field", "reverse"),
    [
        ("title", "title", False),
        ("-title", "title", True),
        ("duration", "duration", False),
        ("popularity", "popularity", True),
        ("-popularity", "popularity", False),
        ("plays", "plays", True),
        ("oldest", "dateAdded", False),
        ("added", "dateAdded", True),
    ],
)
def test_orders(anonymous: Client, sort: str, field: str, reverse: bool) -> None:
    tracks = anonymous.get(f"/api/music/tracks?sort={sort}").json()["tracks"]

    values = [track[field] for track in tracks]
    assert values == sorted(values, reverse=reverse)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("artistIs=A1", 3),
        ("artistIs=a1", 3),
        ("artistIs=A", 0),
        ("artist=a", 8),
        ("albumIs=L1", 4),
        ("album=l", 7),
        ("year=2001", 3),
        ("year=2000s&duration=short", 7),
        ("popularity=low&bitrate=any&genre=all&artist=", 8),
        ("genre=JAZZ", 8),
        ("genre=pop", 0),
    ],
)
def test_filters(anonymous: Client, query: str, count: int) -> None:
    reply = anonymous.get(f"/api/music/tracks?{query}")

    assert len(reply.json()["tracks"]) == count
    assert reply.json()["pagination"]["total"] == count
    assert reply.headers["x-total-count"] == str(count)


@pytest.mark.usefixtures("library")
def test_cursor_belongs_to_its_order(anonymous: Client) -> None:
    cursor = anonymous.get("/api/music/tracks?limit=2&sort=title").json()["nextCursor"]

    assert anonymous.get(f"/api/music/tracks?sort=year&cursor={cursor}").status == 400
    assert anonymous.get(f"/api/music/tracks?sort=-title&cursor={cursor}").status == 400
    assert anonymous.get(f"/api/music/tracks?sort=title&cursor={cursor}").status == 200


@pytest.mark.parametrize("cursor", ["x", "W10", "bnVsbA", "%C3%A9", "eyJhIjoxfQ", "a" * 999])
def test_refuses_a_made_up_cursor(anonymous: Client, cursor: str) -> None:
    assert anonymous.get(f"/api/music/tracks?cursor={cursor}").status == 400
    assert anonymous.get(f"/api/music/artists?cursor={cursor}").status == 400
    assert anonymous.get(f"/api/music/albums?cursor={cursor}").status == 400


@pytest.mark.usefixtures("library")
def test_a_page_behind_the_end_is_empty(anonymous: Client) -> None:
    body = anonymous.get("/api/music/tracks?page=99&limit=5").json()

    assert body["tracks"] == []
    assert body["pagination"] == {"page": 99, "limit": 5, "total": 8, "pages": 2}
    assert body["nextCursor"] is None
