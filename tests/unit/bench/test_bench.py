"""The parts of the benchmark that a wrong figure could hide in."""

from bench.catalogue import Catalogue, queries
from bench.client import request, rotated
from bench.cold import import_ms, least
from bench.figures import percentiles, verdict
from bench.load import COLUMNS, line
from bench.sandbox import Report


def test_the_same_number_gives_the_same_tracks() -> None:
    first, second = (list(Catalogue().tracks(500)) for _ in range(2))

    assert first == second
    assert len({track.id for track in first}) == 500
    assert queries(first, 50) == queries(second, 50)


def test_a_few_words_are_everywhere_and_most_are_rare() -> None:
    tracks = list(Catalogue().tracks(3000))
    words = [word for track in tracks for word in set(track.title.lower().split())]
    counts = sorted((words.count(word) for word in set(words)), reverse=True)

    assert counts[0] > 30
    assert counts[len(counts) // 2] <= 3


def test_a_row_has_a_value_for_each_column() -> None:
    for track in Catalogue().tracks(200):
        assert line(track).count("\t") == COLUMNS.count(",")


def test_percentiles() -> None:
    found = percentiles([float(number) for number in range(1, 1001)])

    assert (round(found.p50), round(found.p95), round(found.p99)) == (500, 950, 990)
    assert (found.highest, found.count) == (1000, 1000)


def test_verdicts() -> None:
    assert verdict(14.9, 15) == "≤ 15 met"
    assert verdict(15.1, 15) == "≤ 15 MISSED"
    assert verdict(25.1, 25, at_least=True) == "≥ 25 met"


def test_clients_begin_at_different_places() -> None:
    order = rotated([b"a", b"b", b"c"], 2)

    assert [next(order) for _ in range(4)] == [b"c", b"a", b"b", b"c"]


def test_a_request_is_complete() -> None:
    data = request("http://localhost:1/a?b=c", method="POST", body=b"{}")

    assert data.startswith(b"POST /a?b=c HTTP/1.1\r\nHost: localhost:1\r\n")
    assert data.endswith(b"Content-Length: 2\r\n\r\n{}")


def test_import_times_are_added_up_by_package() -> None:
    lines = (
        "import time: self [us] | cumulative | imported package",
        "import time:      1500 |       1500 |   sqlalchemy.orm",
        "import time:       500 |       2000 | sqlalchemy",
        "import time:       250 |        250 | json",
    )
    loaded = {name: f"/x/layers/.build/base/python/{name}.py" for name in ("sqlalchemy.orm",)}
    loaded |= {"sqlalchemy": "/x/layers/.build/base/python/sqlalchemy/__init__.py"}

    found = import_ms(Report({}, 200, frozenset(), loaded, lines))

    assert found == {"sqlalchemy": 2.0, "standard library": 0.2}
    assert least([found, {"sqlalchemy": 1.0}]) == {"sqlalchemy": 1.0, "standard library": 0.2}
