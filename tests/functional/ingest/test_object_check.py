"""A track whose sound is gone is missing: kept by everybody who has it, and whole again later."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from botocore.exceptions import ClientError
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from djamms import clock
from djamms.db.session import transaction
from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.models.user import User
from djamms.music.object_check import Checked, TooManyMissing, check_objects
from djamms.music.trash import empty_trash
from djamms.playlists.repository import GAP
from djamms.storage.store import ObjectInfo, ObjectStore
from tests.functional.moderation.test_hidden import GONE, SHOWN, seen
from tests.functional.moderation.test_moderation import act, flag
from tests.support.api import Client
from tests.support.factories import add_entry, make_track
from tests.support.ingest import Workshop

type Run = Callable[..., Checked]


@pytest.fixture
def run(session: Session, store: ObjectStore) -> Run:
    def check(**options: Any) -> Checked:
        return check_objects(transaction, store=store, **options)

    return check


@pytest.fixture
def track(session: Session, workshop: Workshop, user: User) -> Track:
    return with_sound(workshop, "Zugzwang", artist="Zora Quill", uploaded_by=user.id)


@pytest.fixture
def playlist(session: Session, workshop: Workshop, as_other: Client, track: Track) -> str:
    """Another person's, public, with the track and one more."""
    made = as_other.post("/api/playlists", {"name": "Loud", "isPublic": True}).json()
    row = session.get_one(Playlist, made["id"])
    add_entry(session, row, track, GAP)
    add_entry(session, row, with_sound(workshop, "Other"), 2 * GAP)
    return str(made["id"])


def with_sound(workshop: Workshop, title: str, **values: Any) -> Track:
    track = make_track(workshop.session, title, **values)
    workshop.put(track.object_key, b"sound")
    return track


def many(session: Session, count: int) -> list[str]:
    """So many tracks, by one statement; their keys in order."""
    ids = [uuid4() for _ in range(count)]
    keys = [f"audio/2026/01/A/\u00e9/{one}.mp3" for one in ids]
    usual = {"title": "T", "artist": "A", "duration_seconds": 1, "content_type": "audio/mpeg"}
    rows = [{"id": one, "object_key": key} | usual for one, key in zip(ids, keys, strict=True)]
    session.execute(insert(Track), rows)
    return sorted(keys)


def missing(session: Session) -> int:
    counted = select(func.count()).select_from(Track).where(Track.missing_since.is_not(None))
    return session.scalar(counted) or 0


class Bucket(ObjectStore):
    """Keys alone, listed by the thousand as S3 does; it fails at the page that it is told."""

    def __init__(self, keys: Sequence[str], fails_at: int | None = None) -> None:
        self.keys, self.fails_at, self.listed = keys, fails_at, 0

    def pages(
        self, prefix: str, *, after: str = "", page_size: int = 1000
    ) -> Iterator[list[ObjectInfo]]:
        left = [key for key in self.keys if key.startswith(prefix) and key > after]
        for start in range(0, max(1, len(left)), page_size):
            self.listed += 1
            if self.listed == self.fails_at:
                raise ClientError({"Error": {"Code": "SlowDown"}}, "ListObjectsV2")
            yield [ObjectInfo(key, 1, clock.now()) for key in left[start : start + page_size]]


def test_a_track_without_its_sound_is_gone_everywhere_and_back_as_it_was(
    run: Run, workshop: Workshop, anonymous: Client, as_other: Client, track: Track, playlist: str
) -> None:
    assert run() == Checked(checked=2)
    assert seen(anonymous, track, playlist) == seen(as_other, track, playlist) == SHOWN

    workshop.store.delete(track.object_key)
    assert run() == Checked(checked=2, marked=1, missing=1)
    assert seen(anonymous, track, playlist) == seen(as_other, track, playlist) == GONE
    assert run() == Checked(checked=2, missing=1)

    workshop.put(track.object_key, b"sound")
    assert run() == Checked(checked=2, healed=1)
    assert seen(anonymous, track, playlist) == seen(as_other, track, playlist) == SHOWN


def kept(client: Client, playlist: str) -> list[Any]:
    """State and address of the track in favorites, history and entries, and what has none."""
    favorites, history = (
        [(one["title"], one["state"], bool(one["url"])) for one in client.get(path).json()]
        for path in ("/api/user/favorites", "/api/user/history")
    )
    entries = client.get(f"/api/playlists/{playlist}/entries").json()
    count = client.get(f"/api/playlists/{playlist}").json()["missingCount"]
    return [favorites, history, [(one["title"], one["state"]) for one in entries], count]


def test_nobody_loses_it(
    run: Run, workshop: Workshop, as_other: Client, track: Track, playlist: str
) -> None:
    as_other.post(f"/api/user/favorites/{track.id}")
    as_other.post(f"/api/music/tracks/{track.id}/play", {})
    there = ("Zugzwang", "ready", True)
    whole = [[there], [there], [("Zugzwang", "ready"), ("Other", "ready")], 0]
    assert kept(as_other, playlist) == whole

    workshop.store.delete(track.object_key)
    run()
    gone = ("Zugzwang", "missing", False)
    assert kept(as_other, playlist) == [
        [gone],
        [gone],
        [("Zugzwang", "missing"), ("Other", "ready")],
        1,
    ]

    workshop.put(track.object_key, b"sound")
    run()
    assert kept(as_other, playlist) == whole


def test_whoever_uploaded_it_and_moderators_find_it(
    run: Run,
    workshop: Workshop,
    as_user: Client,
    as_other: Client,
    as_admin: Client,
    track: Track,
    playlist: str,
) -> None:
    workshop.store.delete(track.object_key)
    run()

    for client in (as_user, as_admin):
        found = client.get("/api/music/tracks/missing")
        assert [(one["title"], one["state"], one["url"]) for one in found.json()] == [
            ("Zugzwang", "missing", None)
        ]
        assert found.headers["x-total-count"] == "1"
        assert client.get(f"/api/music/tracks/{track.id}").json()["state"] == "missing"
    assert as_other.get("/api/music/tracks/missing").json() == []


def test_the_trash_leaves_it_alone(
    run: Run, session: Session, workshop: Workshop, as_admin: Client, track: Track, playlist: str
) -> None:
    workshop.store.delete(track.object_key)
    run()

    assert as_admin.get("/api/music/tracks/trash").json() == []
    assert as_admin.post(f"/api/music/tracks/{track.id}/restore").status == 404
    report = empty_trash(transaction, store=workshop.store)
    assert (report.moved, report.erased) == (0, 0)


def test_out_of_the_trash_without_its_sound_it_is_missing(
    run: Run, workshop: Workshop, as_user: Client, as_admin: Client, track: Track, playlist: str
) -> None:
    as_user.delete(f"/api/music/tracks/{track.id}")
    workshop.store.delete(track.object_key)

    restored = as_admin.post(f"/api/music/tracks/{track.id}/restore").json()
    assert (restored["state"], restored["url"]) == ("missing", None)

    workshop.put(track.object_key, b"sound")
    assert run().healed == 1
    assert as_user.get(f"/api/music/tracks/{track.id}").json()["state"] == "ready"


def test_out_of_the_trash_with_its_sound_it_is_whole_at_once(
    run: Run,
    session: Session,
    workshop: Workshop,
    as_user: Client,
    as_admin: Client,
    track: Track,
    playlist: str,
) -> None:
    workshop.store.delete(track.object_key)
    run()
    gone = {"deleted_at": clock.now()}
    session.execute(update(Track).where(Track.id == track.id).values(gone))
    workshop.put(track.object_key, b"sound")

    assert as_admin.post(f"/api/music/tracks/{track.id}/restore").json()["state"] == "ready"


def state(session: Session, track: Track) -> tuple[bool, bool, bool]:
    session.refresh(track)
    return track.is_active, track.hidden_at is not None, track.missing_since is not None


@pytest.mark.parametrize("is_hidden_first", [True, False])
def test_what_is_hidden_and_missing_heals_to_hidden(
    run: Run,
    session: Session,
    workshop: Workshop,
    as_user: Client,
    as_moderator: Client,
    track: Track,
    playlist: str,
    is_hidden_first: bool,
) -> None:
    workshop.store.delete(track.object_key)
    steps: list[Callable[[], object]] = [lambda: act(as_moderator, "hide", track.id), run]
    for step in steps if is_hidden_first else reversed(steps):
        step()
    assert state(session, track) == (False, True, True)

    workshop.put(track.object_key, b"sound")
    assert run().healed == 1
    assert state(session, track) == (False, True, False)
    assert as_user.get(f"/api/music/tracks/{track.id}").json()["state"] == "hidden"
    act(as_moderator, "restore", track.id)
    assert state(session, track) == (True, False, False)


def test_a_moderator_cannot_bring_back_what_has_no_sound(
    run: Run,
    session: Session,
    workshop: Workshop,
    as_other: Client,
    as_moderator: Client,
    track: Track,
    playlist: str,
) -> None:
    flag(as_other, trackId=track.id)
    act(as_moderator, "hide", track.id)
    workshop.store.delete(track.object_key)
    run()

    assert act(as_moderator, "restore", track.id)["state"] == "missing"
    assert state(session, track) == (False, False, True)
    workshop.put(track.object_key, b"sound")
    run()
    assert state(session, track) == (True, False, False)


def test_what_was_taken_away_by_hand_is_not_healed(
    run: Run, session: Session, workshop: Workshop, track: Track
) -> None:
    session.execute(update(Track).where(Track.id == track.id).values(is_active=False))

    assert run() == Checked()
    assert state(session, track) == (False, False, False)


def test_no_statement_can_show_what_is_missing(session: Session, track: Track) -> None:
    gone = {"is_active": True, "missing_since": clock.now()}

    with pytest.raises(DBAPIError, match="missing_is_inactive"), session.begin_nested():
        session.execute(update(Track).where(Track.id == track.id).values(gone))


def test_two_thousand_tracks_are_compared_in_pages(
    run: Run, session: Session, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over HTTP, beside objects that no track knows."""
    monkeypatch.setattr("djamms.music.object_check.PAGE", 300)
    keys = many(session, 2000)
    lost = set(keys[::20])
    for key in [*keys, "audio/0", "audio/2026/01/A/zz", "audio/~", "images/x", "audi"]:
        if key not in lost:
            workshop.put(key, b"")

    assert run() == Checked(checked=2000, marked=100, missing=100)
    marked = select(Track.object_key).where(Track.missing_since.is_not(None))
    assert set(session.scalars(marked)) == lost


def test_a_bucket_that_is_not_there_marks_nothing(
    session: Session, store: ObjectStore, track: Track
) -> None:
    elsewhere = ObjectStore(store._client, "djamms-media-elsewhere")

    with pytest.raises(ClientError, match="NoSuchBucket"):
        check_objects(transaction, store=elsewhere, force=True)

    assert missing(session) == 0


def test_a_listing_that_breaks_off_marks_nothing(session: Session) -> None:
    keys = many(session, 3000)
    present = [key for number, key in enumerate(keys) if number % 100]
    bucket = Bucket(present, fails_at=3)

    with pytest.raises(ClientError, match="SlowDown"):
        check_objects(transaction, store=bucket)
    assert missing(session) == 0

    assert check_objects(transaction, store=Bucket(present)).marked == 30


def test_half_a_library_gone_marks_nothing(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    keys = many(session, 400)
    half = Bucket(keys[::2])

    with pytest.raises(TooManyMissing, match="force"):
        check_objects(transaction, store=half)
    assert missing(session) == 0
    assert "too_many_missing" in caplog.text

    assert check_objects(transaction, store=half, force=True).marked == 200


def test_an_empty_bucket_empties_no_library_however_small(session: Session) -> None:
    many(session, 3)

    with pytest.raises(TooManyMissing):
        check_objects(transaction, store=Bucket([]))

    assert missing(session) == 0


def test_a_run_whose_time_is_over_is_gone_on_with(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("djamms.music.object_check.PAGE", 100)
    monkeypatch.setattr("djamms.music.object_check.MOST_SECONDS", 0)
    keys = many(session, 250)
    bucket = Bucket([key for key in keys if key not in (keys[0], keys[100], keys[249])])

    def outcome() -> tuple[int, int, bool]:
        report = check_objects(transaction, store=bucket)
        return report.checked, report.marked, report.is_complete

    assert [outcome() for _ in range(4)] == [
        (100, 1, False),
        (100, 1, False),
        (50, 1, False),
        (0, 0, True),
    ]
    assert outcome() == (100, 0, False)


def test_what_is_lost_adds_up_over_the_runs_of_one_round(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("djamms.music.object_check.PAGE", 80)
    monkeypatch.setattr("djamms.music.object_check.MOST_SECONDS", 0)
    bucket = Bucket(many(session, 240)[160:])

    assert check_objects(transaction, store=bucket).marked == 80
    with pytest.raises(TooManyMissing):
        check_objects(transaction, store=bucket)
    assert missing(session) == 80


def test_what_came_back_while_it_was_looked_at_is_left_alone(session: Session) -> None:
    keys = many(session, 3)
    lost = session.scalars(select(Track.id).where(Track.object_key == keys[0])).one()

    check_objects(transaction, store=Restoring(keys[1:], session, lost))

    assert missing(session) == 0


class Restoring(Bucket):
    """While it lists, somebody takes a track out of the trash."""

    def __init__(self, keys: Sequence[str], session: Session, track_id: UUID) -> None:
        super().__init__(keys)
        self.session, self.track_id = session, track_id

    def pages(
        self, prefix: str, *, after: str = "", page_size: int = 1000
    ) -> Iterator[list[ObjectInfo]]:
        changed = update(Track).where(Track.id == self.track_id)
        self.session.execute(changed.values(updated_at=clock.now()))
        return super().pages(prefix, after=after, page_size=page_size)
