"""The endpoint; what engines find is tested beside it."""

import pytest
from sqlalchemy.orm import Session

from djamms.search.schemas import SearchReply
from tests.support.api import Client
from tests.support.factories import make_track

EMPTY = "genre=&artist=&year=&duration=&bitrate=&popularity="
FIELDS = {"tracks", "total", "query", "filters", "facets", "page", "limit", "engine"}


@pytest.fixture
def catalogue(session: Session) -> None:
    make_track(session, "Halo", artist="Beyoncé", album="I Am", genre="Pop", year=2008)
    make_track(session, "Back in Black", artist="AC/DC", genre="Hip Hop", year=1980, popularity=90)
    make_track(session, "Black", artist="Pearl Jam", genre="Rock", year=1991, duration_seconds=100)
    make_track(session, "Blackbird", artist="The Beatles", genre="rock", bitrate_kbps=128)
    make_track(session, "Black Demo", artist="Nobody", is_public=False)


def titles(client: Client, query: str) -> list[str]:
    body = client.get(f"/api/music/search?{query}").json()
    assert body["total"] == len(body["tracks"])
    return [track["title"] for track in body["tracks"]]


@pytest.mark.usefixtures("catalogue")
def test_answers_what_the_form_asks(anonymous: Client) -> None:
    reply = anonymous.get(f"/api/music/search?q=%20black%20&{EMPTY}&page=1&limit=50").json()

    assert reply.keys() >= FIELDS
    assert (reply["query"], reply["filters"], reply["engine"]) == (" black ", {}, "postgres")
    assert (reply["page"], reply["limit"], reply["total"]) == (1, 50, 3)
    assert [track["title"] for track in reply["tracks"]] == ["Black", "Back in Black", "Blackbird"]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=BEYONC%C3%89", {"Halo"}),
        ("q=acdc", {"Back in Black"}),
        ("q=beatels", {"Blackbird"}),
        ("q=';+DROP+TABLE+tracks;--", set()),
        ("q=%00", set()),
        ("q=%26|!():*", set()),
        ("q=_", set()),
        ("q=black%00bird", {"Blackbird"}),
        ("q=&genre=ROCK", {"Black", "Blackbird"}),
        ("q=&artist=eatl%00", {"Blackbird"}),
        ("q=&duration=long&bitrate=320", {"Halo", "Back in Black"}),
        ("q=black&popularity=any&genre=all", {"Back in Black", "Black", "Blackbird"}),
    ],
)
def test_finds(anonymous: Client, query: str, expected: set[str]) -> None:
    assert set(titles(anonymous, query)) == expected


@pytest.mark.usefixtures("catalogue")
def test_a_track_in_search_is_the_track_of_the_library(anonymous: Client) -> None:
    found = anonymous.get("/api/music/search?q=halo").json()["tracks"][0]

    details = anonymous.get(f"/api/music/tracks/{found['id']}").json()
    assert found.items() <= details.items()


@pytest.mark.usefixtures("catalogue")
def test_pages_of_everything_are_stable(anonymous: Client) -> None:
    pages = [
        anonymous.get(f"/api/music/search?q=&limit=1&page={page}").json()["tracks"]
        for page in range(1, 6)
    ]

    ids = [track["id"] for page in pages for track in page]
    assert len(ids) == len(set(ids)) == 4


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("words", ["", "black"])
def test_pages_end_at_ten_thousand_results(anonymous: Client, words: str) -> None:
    reply = anonymous.get(f"/api/music/search?q={words}&page=100000&limit=1000").json()

    assert reply["tracks"] == []
    assert reply["total"] == (3 if words else 4)


@pytest.mark.usefixtures("catalogue")
def test_facets_count_what_matches(anonymous: Client) -> None:
    facets = anonymous.get("/api/music/search?q=black").json()["facets"]

    assert facets["genre"] == [{"value": "rock", "count": 2}, {"value": "hip hop", "count": 1}]
    assert {"value": "1990s", "count": 1} in facets["year"]
    assert {"value": "short", "count": 1} in facets["duration"]


@pytest.mark.usefixtures("catalogue")
def test_hidden_tracks_never_appear_to_guests(anonymous: Client, as_user: Client) -> None:
    assert "Black Demo" not in titles(anonymous, "q=black+demo")
    assert titles(as_user, "q=black+demo") == ["Black Demo"]


@pytest.mark.parametrize("word", ["year=soon", "duration=endless", "bitrate=x", "popularity=0"])
def test_names_an_unknown_filter_word(anonymous: Client, word: str) -> None:
    reply = anonymous.get(f"/api/music/search?q=&{word}")

    assert reply.status == 422
    assert reply.json()["details"][0]["field"] == word.split("=")[0]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("page=x", "page"),
        ("page=0", "page"),
        (f"q={'a' * 501}", "q"),
        (f"genre={'a' * 256}", "genre"),
    ],
)
def test_names_a_parameter_that_is_out_of_bounds(anonymous: Client, query: str, field: str) -> None:
    reply = anonymous.get(f"/api/music/search?{query}")

    assert (reply.status, reply.json()["error"]) == (422, "validation_failed")
    assert field in reply.json()["details"][0]["field"]


@pytest.mark.usefixtures("catalogue")
def test_answers_every_field_that_it_promises(anonymous: Client) -> None:
    raw = anonymous.get("/api/music/search?q=beatels&genre=rock").json()

    assert SearchReply.model_validate(raw).model_dump(mode="json") == raw
    assert raw["didYouMean"] == "beatles"


@pytest.mark.usefixtures("catalogue")
def test_a_genre_has_as_many_tracks_as_the_list_of_tracks_says(
    anonymous: Client, as_user: Client
) -> None:
    for client in (anonymous, as_user):
        found = client.get("/api/music/search?q=&genre=Rock&limit=1").json()
        listed = client.get("/api/music/tracks?genre=Rock&limit=1").json()

        assert found["total"] == listed["pagination"]["total"] == 2
        assert found["totalIsExact"]


@pytest.mark.usefixtures("catalogue")
def test_sorts_highlights_and_explains_where_asked(anonymous: Client) -> None:
    words = "q=black&sort=title&order=desc&highlight=true&explain=true"
    reply = anonymous.get(f"/api/music/search?{words}").json()

    shown = [track["title"] for track in reply["tracks"]]
    assert shown == ["Blackbird", "Black", "Back in Black"]
    last = reply["tracks"][2]["id"]
    assert reply["highlights"][last] == {"title": "Back in <em>Black</em>"}
    assert reply["explanations"][last]["matched"] == [
        {"word": "black", "field": "title", "how": "exact"}
    ]
    assert SearchReply.model_validate(reply).model_dump(mode="json") == reply


@pytest.mark.usefixtures("catalogue")
def test_sorts_everything(anonymous: Client) -> None:
    assert titles(anonymous, "sort=title") == ["Back in Black", "Black", "Blackbird", "Halo"]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("sort", ["", "sort=relevance&order=asc", "sort="])
def test_the_best_come_first_unless_sorted(anonymous: Client, sort: str) -> None:
    assert titles(anonymous, f"q=black&{sort}")[0] == "Black"


@pytest.mark.parametrize("word", ["sort=colour", "order=up", "sort=title&order=up"])
def test_names_an_unknown_order(anonymous: Client, word: str) -> None:
    reply = anonymous.get(f"/api/music/search?q=black&{word}")

    assert reply.status == 422
