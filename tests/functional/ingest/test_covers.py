"""Pictures of playlists: one that is sent, or a mosaic of the tracks' artwork, in a real bucket."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests
from PIL import Image
from sqlalchemy.orm import Session

from djamms import clock
from djamms.auth.erasing import erase_due
from djamms.models.cover import PlaylistCover
from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.models.user import User
from djamms.music.ingest_events import IngestQueue, created_message
from djamms.playlists.cover_making import make_cover
from djamms.playlists.cover_orders import send_order
from djamms.playlists.cover_sweep import delete_gone, order_all
from djamms.playlists.repository import GAP
from djamms.storage.cover_keys import MOSAIC, cover_of, cover_upload_key, mosaic_order_key
from djamms.storage.keys import ArtworkSize, artwork_key
from djamms.storage.store import ObjectStore, StoredObject
from tests.functional.ingest.test_reconcile import transaction_of
from tests.support.api import Client
from tests.support.factories import add_entry, make_playlist, make_track, sign_in
from tests.support.ingest import BUCKET, lambda_context
from tests.support.pictures import bomb
from tests.support.pictures import cover as picture

MEDIA = "http://localhost:3001/media/"


@pytest.fixture
def owner(session: Session, user: User) -> Client:
    return Client().as_(sign_in(session, user))


@pytest.fixture
def playlist(session: Session, user: User) -> Playlist:
    return make_playlist(session, user.id, is_public=True)


def add_track(
    session: Session, store: ObjectStore, playlist: Playlist, hue: float, **values: Any
) -> Track:
    track_id = uuid4()
    for size in ArtworkSize:
        body = picture(size=(size.pixels, size.pixels), hue=hue)
        store.put(artwork_key(track_id, size), body, content_type="image/jpeg", cache="no-store")
    key = artwork_key(track_id, ArtworkSize.SMALL)
    track = make_track(session, f"T{hue}", id=track_id, thumbnail_key=key, **values)
    place = GAP * int(1 + hue * 1000)
    add_entry(session, playlist, track, place)
    return track


def ingest(*keys: str) -> None:
    from functions.ingest.handler import handler

    records = [{"messageId": key, "body": created_message(BUCKET, key, 1)} for key in keys]
    assert handler({"Records": records}, lambda_context()) == {"batchItemFailures": []}


def order(playlist: Playlist) -> None:
    ingest(mosaic_order_key(playlist.id))


def shown(client: Client, playlist: Playlist) -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"/api/playlists/{playlist.id}").json()
    return body


def loaded(store: ObjectStore, address: str) -> Image.Image:
    assert address.startswith(f"{MEDIA}images/playlists/")
    found = store.open(address.removeprefix(MEDIA))
    return Image.open(io.BytesIO(found.read_range(0, found.size))).convert("RGB")


def objects(store: ObjectStore, prefix: str) -> set[str]:
    return {found.key for page in store.pages(prefix) for found in page}


def send(owner: Client, playlist: Playlist, body: bytes) -> str:
    """As a browser would; answers the key of the raw object."""
    wanted = {"contentType": "image/png", "size": len(body)}
    reply = owner.put(f"/api/playlists/{playlist.id}/cover", wanted)
    assert (reply.status, reply.json()["state"]) == (200, "waiting"), reply.text
    form = reply.json()["upload"]
    sent = requests.post(form["url"], data=form["fields"], files={"file": body}, timeout=10)
    assert sent.ok, sent.text
    key: str = form["fields"]["key"]
    return key


def state(owner: Client, playlist: Playlist) -> tuple[str, bool, str | None]:
    body = owner.get(f"/api/playlists/{playlist.id}/cover").json()
    return body["state"], body["isOwn"], body["failure"]


def test_a_picture_that_is_sent_is_shown_at_two_sizes(
    store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    before = shown(owner, playlist)
    raw = send(owner, playlist, picture("PNG", (900, 600), "RGBA"))

    ingest(raw)

    after = shown(owner, playlist)
    assert loaded(store, after["thumbnail"]).size == (150, 150)
    assert loaded(store, after["image"]).size == (300, 300)
    assert after["thumbnail"].endswith("/thumbnail_150x150.jpg")
    assert after["image"].endswith("/cover_300x300.jpg")
    assert state(owner, playlist) == ("ready", True, None)
    assert objects(store, "uploads/") == set()
    assert (after["version"], after["updatedAt"]) == (before["version"], before["updatedAt"])


def test_a_new_picture_lies_elsewhere_and_the_old_one_goes(
    store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    ingest(send(owner, playlist, picture()))
    first = shown(owner, playlist)["thumbnail"]
    ingest(send(owner, playlist, picture(hue=0.1)))

    assert shown(owner, playlist)["thumbnail"] != first
    assert len(objects(store, "images/playlists/")) == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"no picture at all", "JPEG, PNG or WebP"),
        (picture("GIF"), "JPEG, PNG or WebP"),
        (picture()[:200], "damaged"),
        (bomb(), "too many pixels"),
    ],
    ids=["text", "gif", "cut off", "bomb"],
)
def test_a_bad_picture_changes_nothing_and_says_why(
    store: ObjectStore, owner: Client, playlist: Playlist, body: bytes, reason: str
) -> None:
    ingest(send(owner, playlist, picture()))
    before = shown(owner, playlist)["thumbnail"]

    ingest(send(owner, playlist, body))

    said, is_own, failure = state(owner, playlist)
    assert (said, is_own) == ("failed", True)
    assert reason in (failure or "")
    assert shown(owner, playlist)["thumbnail"] == before
    assert objects(store, "uploads/") == set()


def test_only_the_picture_that_was_asked_for_last_counts(
    store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    early = send(owner, playlist, picture())
    late = send(owner, playlist, picture(hue=0.2))

    ingest(late)
    kept = shown(owner, playlist)["thumbnail"]
    ingest(early, late)

    assert shown(owner, playlist)["thumbnail"] == kept
    assert state(owner, playlist) == ("ready", True, None)


def test_four_different_artworks_make_a_mosaic(
    session: Session, store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    hues = (0.0, 0.1, 0.25, 0.5, 0.75)
    for hue in hues:
        add_track(session, store, playlist, hue)
    # The same picture once more, under another key.
    add_entry(session, playlist, add_track(session, store, playlist, 0.0), 1)

    order(playlist)

    body = shown(owner, playlist)
    assert loaded(store, body["thumbnail"]).size == (150, 150)
    mosaic = loaded(store, body["image"])
    assert mosaic.size == (300, 300)
    corners = [mosaic.getpixel(at) for at in ((3, 3), (296, 3), (3, 296), (296, 296))]
    for corner, hue in zip(corners, hues, strict=False):
        tile = picture(size=(150, 150), hue=hue)
        wanted = Image.open(io.BytesIO(tile)).convert("RGB").getpixel((3, 3))
        assert isinstance(corner, tuple)
        assert isinstance(wanted, tuple)
        assert max(abs(a - b) for a, b in zip(corner, wanted, strict=True)) < 12


def test_a_mosaic_is_made_anew_only_when_its_artworks_change(
    session: Session, store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    for hue in (0.1, 0.3, 0.5, 0.7, 0.9):
        add_track(session, store, playlist, hue)
    order(playlist)
    first = shown(owner, playlist)["thumbnail"]

    order(playlist)
    assert shown(owner, playlist)["thumbnail"] == first

    add_track(session, store, playlist, 0.0)
    order(playlist)
    assert shown(owner, playlist)["thumbnail"] != first
    assert len(objects(store, "images/playlists/")) == 2


def test_fewer_artworks_show_the_first_and_none_shows_nothing(
    session: Session, store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    order(playlist)
    assert shown(owner, playlist)["thumbnail"] is None

    track = add_track(session, store, playlist, 0.4)
    order(playlist)
    assert loaded(store, shown(owner, playlist)["image"]).size == (300, 300)

    track.is_active = False
    session.flush()
    order(playlist)
    assert shown(owner, playlist)["image"] is None
    assert objects(store, "images/playlists/") == set()


def test_a_public_mosaic_shows_nothing_private(
    session: Session, store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    add_track(session, store, playlist, 0.4, is_public=False)

    order(playlist)

    assert shown(owner, playlist)["thumbnail"] is None


def test_without_its_own_picture_it_shows_the_mosaic(
    session: Session, store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    add_track(session, store, playlist, 0.4)
    ingest(send(owner, playlist, picture()))
    own = shown(owner, playlist)["thumbnail"]
    order(playlist)
    assert shown(owner, playlist)["thumbnail"] == own

    reply = owner.delete(f"/api/playlists/{playlist.id}/cover")
    assert (reply.status, reply.json()["isOwn"], reply.json()["thumbnail"]) == (200, False, None)
    order(playlist)

    assert shown(owner, playlist)["thumbnail"] not in (None, own)
    assert len(objects(store, "images/playlists/")) == 2


def test_rules_have_a_mosaic_of_what_they_choose(
    session: Session, store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    add_track(session, store, playlist, 0.4, year=1999)
    rules = {"all": [{"field": "year", "op": "is", "value": 1999}]}
    reply = owner.post("/api/playlists", {"name": "Own rules", "rules": rules})
    made = session.get_one(Playlist, UUID(reply.json()["id"]))

    order(made)

    assert loaded(store, shown(owner, made)["thumbnail"]).size == (150, 150)


def test_only_who_may_edit_changes_the_picture(session: Session, playlist: Playlist) -> None:
    from tests.support.factories import make_user

    other = Client().as_(sign_in(session, make_user(session, "grace")))
    wanted = {"contentType": "image/png", "size": 10}

    assert other.put(f"/api/playlists/{playlist.id}/cover", wanted).status == 403
    assert other.delete(f"/api/playlists/{playlist.id}/cover").status == 403
    assert other.get(f"/api/playlists/{playlist.id}/cover").status == 200


def test_many_edits_order_one_mosaic(
    session: Session, owner: Client, playlist: Playlist, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[UUID] = []
    monkeypatch.setattr("djamms.playlists.cover_orders.send_order", sent.append)
    track_id = str(make_track(session).id)

    for _ in range(3):
        owner.post(f"/api/playlists/{playlist.id}/tracks", {"trackIds": [track_id]})

    assert sent == [playlist.id]


def test_orders_come_through_the_queue_of_uploads(
    session: Session,
    queue: IngestQueue,
    playlist: Playlist,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[dict[str, Any]] = []

    class Sqs:
        def send_message_batch(self, **words: Any) -> dict[str, Any]:
            sent.extend(words["Entries"])
            return {}

    monkeypatch.setattr("djamms.music.ingest_events.sqs_client", lambda: Sqs())

    send_order(playlist.id)

    assert sent[0]["DelaySeconds"] > 0
    assert mosaic_order_key(playlist.id) in sent[0]["MessageBody"]
    everyone = order_all(transaction_of(session), queue=IngestQueue(Sqs(), "q", BUCKET))  # type: ignore[arg-type]
    assert everyone == len(sent) - 1
    assert any(mosaic_order_key(playlist.id) in one["MessageBody"] for one in sent[1:])


def test_keys_are_read_as_they_are_written() -> None:
    playlist_id, upload_id = uuid4(), uuid4()

    assert cover_of(cover_upload_key(playlist_id, upload_id)) == (playlist_id, upload_id)
    assert cover_of(mosaic_order_key(playlist_id)) == (playlist_id, None)
    assert cover_of(f"uploads/{playlist_id}") is None
    assert cover_of(f"uploads/covers/{MOSAIC}/{MOSAIC}") is None


class Sent:
    """In the place of the queue."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def send_message_batch(self, **words: Any) -> dict[str, Any]:
        self.entries += words["Entries"]
        return {}


def swept(session: Session, *, minutes: float) -> list[dict[str, Any]]:
    """What the hourly look orders then; earlier changes of this test count as that much older."""
    sent = Sent()
    clock.set_clock(partial(clock.now().__add__, timedelta(minutes=minutes)))
    try:
        order_all(transaction_of(session), queue=IngestQueue(sent, "q", BUCKET))  # type: ignore[arg-type]
    finally:
        clock.set_clock(None)
    return sent.entries


def is_ordered(entries: list[dict[str, Any]], playlist: Playlist) -> bool:
    return any(mosaic_order_key(playlist.id) in one["MessageBody"] for one in entries)


def test_the_sweep_orders_what_has_changed_since_the_last_one(
    session: Session, store: ObjectStore, playlist: Playlist
) -> None:
    track = add_track(session, store, playlist, 0.4)
    assert is_ordered(swept(session, minutes=10), playlist)
    assert swept(session, minutes=20) == []

    track.updated_at = clock.now() + timedelta(minutes=25)
    session.flush()

    assert is_ordered(swept(session, minutes=30), playlist)
    assert swept(session, minutes=40) == []


def test_the_sweep_orders_once_more_what_an_edit_ordered(
    session: Session, owner: Client, playlist: Playlist, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept(session, minutes=-10)
    monkeypatch.setattr("djamms.playlists.cover_orders.send_order", lambda _: None)

    owner.put(f"/api/playlists/{playlist.id}", {"name": "Other"})

    assert is_ordered(swept(session, minutes=10), playlist)


def test_the_sweep_leaves_room_for_uploads(
    session: Session, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("djamms.playlists.cover_sweep.PAGE", 15)
    monkeypatch.setattr("djamms.playlists.cover_sweep.MOST_ORDERED", 30)
    for _ in range(40):
        make_playlist(session, user.id)

    first, second = swept(session, minutes=10), swept(session, minutes=20)

    assert len(first) == 30
    assert sorted({one["DelaySeconds"] for one in first}) == [0, 20, 40]
    # Those of before, and not the same again.
    assert len(second) >= 10
    assert not {one["MessageBody"] for one in first} & {one["MessageBody"] for one in second}


def test_what_a_moderator_hid_leaves_the_mosaic_of_rules(
    session: Session, store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    track = add_track(session, store, playlist, 0.4, year=1999)
    rules = {"all": [{"field": "year", "op": "is", "value": 1999}]}
    reply = owner.post("/api/playlists", {"name": "Own rules", "rules": rules})
    made = session.get_one(Playlist, UUID(reply.json()["id"]))
    order(made)
    swept(session, minutes=10)
    assert shown(owner, made)["thumbnail"] is not None

    track.is_active, track.hidden_at = False, clock.now()
    session.flush()
    assert is_ordered(swept(session, minutes=20), made)
    order(made)

    assert shown(owner, made)["thumbnail"] is None


def test_a_private_mosaic_shows_nothing_private_either(
    session: Session, store: ObjectStore, owner: Client, user: User
) -> None:
    private = make_playlist(session, user.id)
    add_track(session, store, private, 0.4, is_public=False)
    order(private)
    assert shown(owner, private)["thumbnail"] is None

    add_track(session, store, private, 0.5)
    order(private)
    assert shown(owner, private)["thumbnail"] is not None


def test_a_deleted_playlist_takes_its_picture_along(
    session: Session, store: ObjectStore, owner: Client, playlist: Playlist, user: User
) -> None:
    hidden = make_playlist(session, user.id, is_public=True)
    for one in (playlist, hidden):
        ingest(send(owner, one, picture()))
    hidden.is_active, hidden.hidden_at = False, clock.now()
    owner.delete(f"/api/playlists/{playlist.id}")

    assert delete_gone(transaction_of(session), store=store) == 1

    assert objects(store, f"images/playlists/{playlist.id}/") == set()
    assert len(objects(store, f"images/playlists/{hidden.id}/")) == 2
    assert delete_gone(transaction_of(session), store=store) == 0


def test_an_erased_account_takes_its_pictures_along(
    session: Session, store: ObjectStore, owner: Client, playlist: Playlist, user: User
) -> None:
    private = make_playlist(session, user.id)
    for one in (playlist, private):
        ingest(send(owner, one, picture()))
    user.is_active, user.erase_after, playlist.owner_id = False, clock.now(), None
    session.flush()

    assert erase_due(transaction_of(session)) == 1

    assert objects(store, f"images/playlists/{private.id}/") == set()
    assert len(objects(store, f"images/playlists/{playlist.id}/")) == 2


def test_artwork_that_cannot_be_read_is_passed_over(
    session: Session, store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    broken, halved = (add_track(session, store, playlist, hue) for hue in (0.0, 0.1))
    store.put(artwork_key(broken.id, ArtworkSize.SMALL), b"?", content_type="x", cache="no-store")
    store.delete(artwork_key(halved.id, ArtworkSize.MEDIUM))
    order(playlist)
    assert shown(owner, playlist)["thumbnail"] is None

    add_track(session, store, playlist, 0.5)
    order(playlist)

    assert loaded(store, shown(owner, playlist)["image"]).size == (300, 300)


class Watched(ObjectStore):
    """Asks of each access to objects whether a transaction is open, and may act before a write."""

    def __init__(self, inner: ObjectStore, before_put: Callable[[], None] | None = None) -> None:
        super().__init__(inner._client, inner._bucket)
        self.open_transactions, self.seen = 0, set[int]()
        self._before_put = before_put

    @contextmanager
    def transaction(self, session: Session) -> Iterator[Session]:
        self.open_transactions += 1
        with transaction_of(session)() as database:
            yield database
        self.open_transactions -= 1

    def open(self, key: str) -> StoredObject:
        self.seen.add(self.open_transactions)
        return super().open(key)

    def put(self, key: str, body: bytes, *, content_type: str, cache: str) -> None:
        self.seen.add(self.open_transactions)
        if act := self._before_put:
            self._before_put = None
            act()
        super().put(key, body, content_type=content_type, cache=cache)


def test_no_edit_waits_for_a_picture_that_is_made(
    session: Session, store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    add_track(session, store, playlist, 0.4)
    watched = Watched(store)

    for upload in (None, send(owner, playlist, picture())):
        wanted = cover_of(upload) if upload else (playlist.id, None)
        assert wanted
        make_cover(
            partial(watched.transaction, session),
            store=watched,
            playlist_id=playlist.id,
            upload_id=wanted[1],
        )

    assert watched.seen == {0}
    assert state(owner, playlist) == ("ready", True, None)


def test_a_mosaic_that_is_overtaken_is_made_again(
    session: Session, store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    add_track(session, store, playlist, 0.4)
    watched = Watched(store, before_put=lambda: order(playlist))

    make_cover(transaction_of(session), store=watched, playlist_id=playlist.id, upload_id=None)

    assert loaded(store, shown(owner, playlist)["thumbnail"]).size == (150, 150)
    assert len(objects(store, "images/playlists/")) == 2


def test_a_mosaic_does_not_take_the_place_of_a_picture_that_came_meanwhile(
    session: Session, store: ObjectStore, owner: Client, playlist: Playlist
) -> None:
    add_track(session, store, playlist, 0.4)
    raw = send(owner, playlist, picture())
    watched = Watched(store, before_put=lambda: ingest(raw))

    make_cover(transaction_of(session), store=watched, playlist_id=playlist.id, upload_id=None)

    assert state(owner, playlist) == ("ready", True, None)
    assert len(objects(store, "images/playlists/")) == 2


def test_a_picture_that_never_comes_is_not_waited_for(
    session: Session, owner: Client, playlist: Playlist
) -> None:
    owner.put(f"/api/playlists/{playlist.id}/cover", {"contentType": "image/png", "size": 9})
    assert not is_ordered(swept(session, minutes=10), playlist)
    assert state(owner, playlist)[0] == "waiting"

    assert is_ordered(swept(session, minutes=60), playlist)
    cover = session.get_one(PlaylistCover, playlist.id)
    cover.requested_at = clock.now() - timedelta(hours=1)
    session.flush()
    assert state(owner, playlist)[0] == "none"
