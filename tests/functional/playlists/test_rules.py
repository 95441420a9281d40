"""Playlists that fill themselves: what each kind of rule chooses, and who sees what of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.favorite import Favorite
from djamms.models.library import PlaybackEvent
from djamms.models.playlist import Playlist
from djamms.models.user import User
from djamms.playlists import rule_based, rules_repository
from djamms.playlists.repository import GAP
from djamms.playlists.rule_sweep import recount_all
from tests.functional.ingest.test_reconcile import transaction_of
from tests.support.api import Client, next_link
from tests.support.factories import add_entry, make_playlist, make_track


@pytest.fixture
def tracks(session: Session, user: User) -> dict[str, Any]:
    """A (1990, private, played lately, a favorite), B (2000, played long ago), C (no year)."""
    now = clock.now()
    made = {
        "A": make_track(
            session,
            "Água",
            artist="Ana & Bob",
            artists=["Ana", "Bob"],
            genre="Hip-Hop",
            year=1990,
            duration_seconds=100,
            play_count=5,
            is_public=False,
            bpm=119.7,
            rating=5,
            composer="X_y",
        ),
        "B": make_track(
            session,
            "Berg",
            artist="Bob",
            genre="Rock",
            year=2000,
            duration_seconds=200,
            play_count=50,
            explicit=True,
            created_at=now - timedelta(days=40),
        ),
        "C": make_track(
            session,
            "Cut",
            artist="Cid",
            album=None,
            genre=None,
            year=None,
            bitrate_kbps=128,
            duration_seconds=300,
            created_at=now - timedelta(days=400),
        ),
    }
    for title, days in (("A", 2), ("B", 200)):
        played_at = now - timedelta(days=days)
        event = PlaybackEvent(user_id=user.id, track_id=made[title].id, played_at=played_at)
        session.add(event)
    session.add(Favorite(user_id=user.id, track_id=made["A"].id))
    session.flush()
    return made


def one(field: str, op: str, *value: Any) -> dict[str, Any]:
    return {"field": field, "op": op} | ({"value": value[0]} if value else {})


def rules(*conditions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"all": list(conditions), "sort": "title", **more}


def preview(client: Client, wanted: dict[str, Any]) -> Any:
    return client.post("/api/playlists/preview-rules", {"rules": wanted})


def chosen(client: Client, wanted: dict[str, Any]) -> str:
    reply = preview(client, wanted)
    assert reply.status == 200, reply.text
    body = reply.json()
    assert body["trackCount"] == len(body["tracks"])
    assert body["duration"] == sum(track["duration"] for track in body["tracks"])
    return "".join({"Á": "A"}.get(one["title"][0], one["title"][0]) for one in body["tracks"])


@pytest.mark.parametrize(
    ("condition", "titles"),
    [
        (one("title", "is", "agua"), "A"),
        (one("title", "startsWith", "BE"), "B"),
        (one("title", "startsWith", "%e"), ""),
        (one("composer", "contains", "x_"), "A"),
        (one("composer", "contains", "xxy"), ""),
        (one("artist", "is", "bob"), "AB"),
        (one("artist", "isNot", "bob"), "C"),
        (one("album", "is", "blue train"), "AB"),
        (one("album", "isNot", "blue train"), "C"),
        (one("album", "notContains", "train"), "C"),
        (one("genre", "is", "hip hop"), "A"),
        (one("genre", "isNot", "rock"), "AC"),
        (one("genre", "isUnknown"), "C"),
        (one("year", "atLeast", 1990), "AB"),
        (one("year", "above", 1990), "B"),
        (one("year", "isNot", 1990), "BC"),
        (one("year", "between", [1990, 1999]), "A"),
        (one("year", "isKnown"), "AB"),
        (one("duration", "below", 200), "A"),
        (one("duration", "atMost", 200), "AB"),
        (one("bitrate", "is", 128), "C"),
        (one("bpm", "is", 120), "A"),
        (one("rating", "is", 5), "A"),
        (one("rating", "isUnknown"), "BC"),
        (one("plays", "above", 5), "B"),
        (one("popularity", "is", 0), "ABC"),
        (one("added", "inLast", 30), "A"),
        (one("added", "notInLast", 100), "C"),
        (one("added", "from", "2999-01-01"), ""),
        (one("added", "before", "2999-01-01"), "ABC"),
        (one("lastPlayed", "inLast", 30), "A"),
        (one("lastPlayed", "notInLast", 30), "BC"),
        (one("lastPlayed", "before", "2999-01-01"), "AB"),
        (one("lastPlayed", "isUnknown"), "C"),
        (one("explicit", "is", True), "B"),
        (one("explicit", "is", False), "AC"),
        (one("favorite", "is", True), "A"),
        (one("favorite", "is", False), "BC"),
        (one("source", "is", "LOCAL"), "ABC"),
    ],
)
def test_a_condition_chooses(
    as_user: Client, tracks: dict[str, Any], condition: dict[str, Any], titles: str
) -> None:
    assert chosen(as_user, rules(condition)) == titles


def test_groups_join_as_they_say(as_user: Client, tracks: dict[str, Any]) -> None:
    inner = {"all": [one("year", "is", 2000), one("explicit", "is", True)]}
    either = {"any": [one("title", "is", "cut"), inner]}

    assert chosen(as_user, rules(either)) == "BC"
    assert chosen(as_user, rules(either, one("bitrate", "above", 200))) == "B"


@pytest.mark.parametrize(
    ("limit", "titles"),
    [
        ({"tracks": 2}, "CB"),
        ({"seconds": 500}, "CB"),
        ({"seconds": 499}, "C"),
        ({"seconds": 299}, ""),
        ({"tracks": 1, "seconds": 9999}, "C"),
    ],
)
def test_a_limit_keeps_the_first(
    as_user: Client, tracks: dict[str, Any], limit: dict[str, int], titles: str
) -> None:
    wanted = rules(one("duration", "above", 0), sort="-duration", limit=limit)

    assert chosen(as_user, wanted) == titles


def test_the_tracks_of_another_playlist(
    session: Session, as_user: Client, as_other: Client, user: User, tracks: dict[str, Any]
) -> None:
    playlist = make_playlist(session, user.id)
    add_entry(session, playlist, tracks["B"], GAP)
    inside, outside = (rules(one("inPlaylist", op, str(playlist.id))) for op in ("is", "isNot"))

    assert chosen(as_user, inside) == "B"
    assert chosen(as_user, outside) == "AC"
    refused = preview(as_other, inside)
    assert refused.status == 422
    assert str(playlist.id) in refused.json()["details"][0]["reason"]


def create(client: Client, wanted: dict[str, Any], **more: Any) -> dict[str, Any]:
    reply = client.post("/api/playlists", {"name": "Own rules", "rules": wanted, **more})
    assert reply.status == 201, reply.text
    body: dict[str, Any] = reply.json()
    return body


def listed(client: Client, playlist_id: str) -> list[str]:
    return [one["title"] for one in client.get(f"/api/playlists/{playlist_id}/tracks").json()]


def test_it_is_kept_current_and_counts_what_each_caller_sees(
    session: Session, as_user: Client, anonymous: Client, tracks: dict[str, Any]
) -> None:
    made = create(as_user, rules(one("year", "isKnown")), isPublic=True)

    assert (made["trackCount"], made["duration"]) == (2, 300)
    assert made["rules"]["all"][0]["field"] == "year"
    assert listed(as_user, made["id"]) == ["Água", "Berg"]
    assert listed(anonymous, made["id"]) == ["Berg"]
    seen = anonymous.get(f"/api/playlists/{made['id']}").json()
    assert (seen["trackCount"], seen["duration"], seen["missingCount"]) == (1, 200, 0)

    make_track(session, "Dawn", year=2020, duration_seconds=50)

    assert listed(as_user, made["id"]) == ["Água", "Berg", "Dawn"]
    now = as_user.get(f"/api/playlists/{made['id']}").json()
    assert (now["trackCount"], now["duration"]) == (3, 350)


def in_list(client: Client, playlist_id: str) -> Any:
    return next(one for one in client.get("/api/playlists").json() if one["id"] == playlist_id)


def test_a_list_counts_nothing_and_shows_what_the_hourly_job_counted(
    session: Session,
    as_user: Client,
    anonymous: Client,
    tracks: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = create(as_user, rules(one("year", "isKnown")), isPublic=True)
    private = create(as_user, rules(one("year", "isKnown")))
    make_track(session, "Dawn", year=2020, duration_seconds=50)
    before = as_user.get(f"/api/playlists/{made['id']}").json()
    with monkeypatch.context() as patch:
        patch.setattr(rules_repository, "count_tracks", None)
        # A public one shows what everyone sees: B alone.
        assert in_list(anonymous, made["id"])["trackCount"] == 1
        assert in_list(as_user, private["id"])["trackCount"] == 2

    assert recount_all(transaction_of(session)) >= 2

    session.expire_all()
    shown = in_list(anonymous, made["id"])
    assert (shown["trackCount"], shown["duration"]) == (2, 250)
    assert in_list(as_user, private["id"])["trackCount"] == 3
    after = as_user.get(f"/api/playlists/{made['id']}").json()
    same = ("version", "updatedAt", "trackCount")
    assert [after[name] for name in same] == [before[name] for name in same]


def test_one_that_cannot_be_counted_keeps_none_of_the_others_back(
    session: Session, as_user: Client, tracks: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, other = (create(as_user, rules(one("year", "isKnown"))) for _ in range(2))
    make_track(session, "Dawn", year=2020, duration_seconds=50)
    recount = rule_based.recount

    def recount_or_fail(database: Session, playlist: Playlist) -> None:
        if str(playlist.id) == slow["id"]:
            raise OperationalError("SELECT", {}, Exception("statement timeout"))
        recount(database, playlist)

    monkeypatch.setattr(rule_based, "recount", recount_or_fail)

    recount_all(transaction_of(session))

    session.expire_all()
    assert in_list(as_user, other["id"])["trackCount"] == 3
    assert in_list(as_user, slow["id"])["trackCount"] == 2


@pytest.mark.parametrize("op", ["contains", "notContains", "startsWith"])
def test_only_few_words_are_looked_for_in_every_track(
    as_user: Client, tracks: dict[str, Any], op: str
) -> None:
    few = [one("title", op, f"{number}") for number in range(10)]

    assert preview(as_user, rules(*few)).status == 200
    assert preview(as_user, rules(*few, {"any": [one("album", op, "x")]})).status == 422
    assert preview(as_user, rules(one("title", op, "x" * 100))).status == 200
    assert preview(as_user, rules(one("title", op, "x" * 101))).status == 422
    many = {"name": "Many", "rules": rules(*few, one("album", op, "x"))}
    assert as_user.post("/api/playlists", many).status == 422
    made = create(as_user, rules(one("year", "isKnown")))
    assert as_user.put(f"/api/playlists/{made['id']}", many).status == 422


def test_previews_are_counted(as_user: Client) -> None:
    reply = preview(as_user, rules(one("year", "isKnown")))

    assert reply.headers["ratelimit-limit"] == "60"


def test_what_the_owner_heard_counts_for_every_caller(
    as_user: Client, as_other: Client, tracks: dict[str, Any]
) -> None:
    made = create(as_user, rules(one("lastPlayed", "inLast", 30)), isPublic=True)

    assert listed(as_other, made["id"]) == ["Água"]


def test_pages_follow_each_other(as_user: Client, tracks: dict[str, Any]) -> None:
    made = create(as_user, rules(one("duration", "above", 0)))

    first = as_user.get(f"/api/playlists/{made['id']}/tracks?limit=2")
    second = as_user.get(next_link(first))

    assert [one["position"] for one in first.json() + second.json()] == [0, 1, 2]
    assert {first.headers["x-total-count"], second.headers["x-total-count"]} == {"3"}
    assert next_link(second) == ""


def test_its_places_are_what_is_chosen(as_user: Client, tracks: dict[str, Any]) -> None:
    made = create(as_user, rules(one("duration", "above", 0)))
    address = f"/api/playlists/{made['id']}/entries"

    first = as_user.get(f"{address}?limit=2")
    rest = as_user.get(next_link(first))

    assert first.headers["x-total-count"] == rest.headers["x-total-count"] == "3"
    places = [*first.json(), *rest.json()]
    assert [(one["title"], one["position"], one["state"]) for one in places] == [
        *(("Água", 0, "ready"), ("Berg", 1, "ready"), ("Cut", 2, "ready"))
    ]


def test_its_tracks_cannot_be_edited_by_hand(as_user: Client, tracks: dict[str, Any]) -> None:
    made = create(as_user, rules(one("duration", "above", 0)))
    path, track_id = f"/api/playlists/{made['id']}", str(tracks["A"].id)

    replies = (
        as_user.post(f"{path}/tracks", {"trackIds": [track_id]}),
        as_user.delete(f"{path}/tracks/{track_id}"),
        as_user.put(f"{path}/reorder", {"version": 1, "entryId": track_id, "position": 0}),
        as_user.put(f"{path}/reorder", {"version": 1, "entryIds": [track_id]}),
    )

    assert {reply.status for reply in replies} == {422}
    assert all("freeze" in reply.json()["message"] for reply in replies)
    assert len(listed(as_user, made["id"])) == 3


def test_other_rules_choose_others(as_user: Client, tracks: dict[str, Any]) -> None:
    made = create(as_user, rules(one("duration", "above", 0)))

    changed = as_user.put(f"/api/playlists/{made['id']}", {"rules": rules(one("year", "is", 2000))})

    assert (changed.status, changed.json()["trackCount"]) == (200, 1)
    assert changed.json()["version"] == made["version"] + 1


@pytest.mark.parametrize("has_rules", [True, False])
def test_rules_neither_come_nor_go(
    as_user: Client, tracks: dict[str, Any], has_rules: bool
) -> None:
    wanted = rules(one("duration", "above", 0))
    made = as_user.post("/api/playlists", {"name": "N", "rules": wanted if has_rules else None})

    reply = as_user.put(
        f"/api/playlists/{made.json()['id']}", {"rules": None if has_rules else wanted}
    )

    assert reply.status == 422
    assert reply.json()["details"][0]["field"] == "rules"


@pytest.mark.parametrize("limit", [None, {"tracks": 2}], ids=str)
def test_frozen_it_is_an_ordinary_playlist(
    session: Session, as_user: Client, tracks: dict[str, Any], limit: dict[str, int] | None
) -> None:
    made = create(as_user, rules(one("duration", "above", 0), sort="-duration", limit=limit))
    before = listed(as_user, made["id"])

    frozen = as_user.post(f"/api/playlists/{made['id']}/freeze", {})
    make_track(session, "Later", duration_seconds=1000)

    assert frozen.status == 200, frozen.text
    assert frozen.json()["rules"] is None
    assert listed(as_user, made["id"]) == before
    assert frozen.json()["trackCount"] == len(before)
    add = {"trackIds": [str(tracks["A"].id)]}
    assert as_user.post(f"/api/playlists/{made['id']}/tracks", add).status == 200
    assert as_user.post(f"/api/playlists/{made['id']}/freeze", {}).status == 422


def test_only_who_may_edit_freezes(as_user: Client, as_other: Client) -> None:
    made = create(as_user, rules(one("duration", "above", 0)), isPublic=True)

    assert as_other.post(f"/api/playlists/{made['id']}/freeze", {}).status == 403


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({}, "rules"),
        ({"all": []}, "rules.all"),
        ({"all": [one("year", "is", 1)], "any": [one("year", "is", 1)]}, "rules"),
        (rules(one("colour", "is", "red")), "rules.all.0"),
        (rules(one("year", "contains", "1")), "rules.all.0.number.op"),
        (rules(one("year", "between", [2, 1])), "rules.all.0.range.value"),
        (rules(one("title", "is", "x"), sort="colour"), "rules.sort"),
        (rules(one("title", "is", "x"), limit={}), "rules.limit"),
        (rules(one("inPlaylist", "is", "00000000-0000-4000-8000-000000000000")), "rules"),
        ({"all": [{"any": [one("year", "is", 1)] * 30} for _ in range(3)]}, "rules"),
        ({"all": [{"all": [{"all": [{"all": [one("year", "is", 1)]}]}]}]}, None),
    ],
)
def test_bad_rules_are_refused_by_name(
    as_user: Client, wanted: dict[str, Any], field: str | None
) -> None:
    reply = preview(as_user, wanted)

    assert reply.status == 422, reply.text
    named = [detail["field"] for detail in reply.json()["details"]]
    assert field in named or field is None, named


def test_a_guest_previews_nothing(anonymous: Client) -> None:
    assert preview(anonymous, rules(one("year", "isKnown"))).status == 401
