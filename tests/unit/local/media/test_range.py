"""Range and conditional requests (RFC 9110)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.media_range import Selection, parse_ranges, select

SIZE = 1000
ETAG = '"abc"'
MODIFIED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SAME = "Fri, 02 Jan 2026 03:04:05 GMT"
EARLIER = "Fri, 02 Jan 2026 03:04:04 GMT"
WHOLE = Selection(200, 0, 999)


def chosen(method: str = "GET", *, size: int = SIZE, **headers: Any) -> Selection:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return select(named, method=method, size=size, etag=ETAG, modified=MODIFIED)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("bytes=0-0", Selection(206, 0, 0)),
        ("bytes=10-19", Selection(206, 10, 19)),
        ("bytes=990-", Selection(206, 990, 999)),
        ("bytes=990-5000", Selection(206, 990, 999)),
        ("bytes=-10", Selection(206, 990, 999)),
        ("bytes=-5000", Selection(206, 0, 999)),
        ("BYTES=0-9", Selection(206, 0, 9)),
        ("bytes=0-9,2000-", Selection(206, 0, 9)),
        ("bytes=0-9, 20-29", WHOLE),
        ("bytes=1000-", Selection(416)),
        ("bytes=-0", Selection(416)),
        ("bytes=1000-,2000-", Selection(416)),
        ("bytes=9-0", WHOLE),
        ("bytes=-", WHOLE),
        ("bytes=a-b", WHOLE),
        (f"bytes=0-{'9' * 5000}", WHOLE),
        ("bytes=", WHOLE),
        ("items=0-9", WHOLE),
    ],
)
def test_range(value: str, expected: Selection) -> None:
    assert chosen(range=value) == expected


def test_a_range_means_nothing_for_head() -> None:
    assert chosen("HEAD", range="bytes=0-9") == WHOLE


def test_an_empty_object_has_no_range() -> None:
    assert chosen(size=0, range="bytes=0-") == Selection(416)
    assert chosen(size=0).length == 0


@pytest.mark.parametrize(
    ("value", "status"),
    [(ETAG, 206), ('"other"', 200), (f"W/{ETAG}", 200), (SAME, 206), (EARLIER, 200), ("x", 200)],
)
def test_if_range(value: str, status: int) -> None:
    assert chosen(range="bytes=0-9", if_range=value).status == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_none_match": ETAG}, 304),
        ({"if_none_match": f'"x", W/{ETAG}'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"x"'}, 200),
        ({"if_none_match": '"x"', "if_modified_since": SAME}, 200),
        ({"if_modified_since": SAME}, 304),
        ({"if_modified_since": EARLIER}, 200),
        ({"if_modified_since": "not a date"}, 200),
        ({"if_match": ETAG}, 200),
        ({"if_match": '"x"'}, 412),
        ({"if_match": f"W/{ETAG}"}, 412),
        ({"if_unmodified_since": EARLIER}, 412),
        ({"if_unmodified_since": SAME}, 200),
        ({"if_none_match": ETAG, "range": "bytes=0-9"}, 304),
    ],
)
def test_conditions(headers: dict[str, Any], status: int) -> None:
    assert chosen(**headers).status == status


def test_a_flood_of_ranges_is_ignored() -> None:
    assert chosen(range="bytes=" + ",".join(["0-0"] * 100)) == WHOLE


@given(st.text(max_size=40), st.integers(0, 2000))
def test_never_selects_outside_the_object(text: str, size: int) -> None:
    for first, last in parse_ranges(f"bytes={text}", size) or []:
        assert 0 <= first <= last < size
