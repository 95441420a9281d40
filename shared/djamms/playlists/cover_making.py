"""Makes the pictures of playlists, in `ingest`: that is where the picture library is.

Objects are read, drawn and written without a lock, so that no edit waits for them; what has changed
meanwhile is told when the picture is to be shown. A new picture lies in a new folder, so that
nothing cached is ever wrong; the old one goes after the commit.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.media.artwork import ArtworkError
from djamms.media.covers import TILES, Cover, cover, mosaic, read_artwork
from djamms.models.cover import CoverState, PlaylistCover
from djamms.models.playlist import Playlist
from djamms.playlists import covers_repository, repository
from djamms.playlists.cover_orders import LOOKED_AT, VIEWER
from djamms.storage.cover_keys import (
    LARGE_FILE,
    MAX_COVER_BYTES,
    SMALL_FILE,
    both_sizes,
    cover_upload_key,
    new_cover_folder,
)
from djamms.storage.keys import ArtworkSize
from djamms.storage.store import PUBLIC_FOR_EVER, ObjectMissing, ObjectStore

type Transaction = Callable[[], AbstractContextManager[Database]]

ATTEMPTS = 3


class CoverBusy(Exception):
    """Others changed the picture each time that this one was made; the message comes again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a mosaic is made from."""

    folder: str | None
    made_of: Sequence[str]
    artworks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Made:
    """`pictures` None: there is nothing to show, or a `failure` to tell."""

    pictures: Cover | None
    made_of: Sequence[str] = ()
    failure: str | None = None
    # Where the pictures lie.
    folder: str | None = None


def make_cover(
    transaction: Transaction, *, store: ObjectStore, playlist_id: UUID, upload_id: UUID | None
) -> str | None:
    """Of an upload, or else a mosaic. Answers the raw object that nobody needs any more."""
    if upload_id is not None:
        _take_upload(transaction, store, playlist_id, upload_id)
        return cover_upload_key(playlist_id, upload_id)
    for _ in range(ATTEMPTS):
        if _renew_mosaic(transaction, store, playlist_id):
            return None
    raise CoverBusy(str(playlist_id))


def _take_upload(
    transaction: Transaction, store: ObjectStore, playlist_id: UUID, upload_id: UUID
) -> None:
    with transaction() as database:
        playlist = covers_repository.find_active(database, playlist_id=playlist_id)
        asked = covers_repository.find_cover(database, playlist_id=playlist_id)
        if playlist is None or asked is None or asked.upload_id != upload_id:
            return
    try:
        made = Made(cover(_read(store, cover_upload_key(playlist_id, upload_id))))
    except ObjectMissing:
        return
    except ArtworkError as error:
        made = Made(None, failure=str(error))

    def take(database: Database, shown: PlaylistCover, made: Made) -> bool:
        if shown.upload_id != upload_id:
            return False
        shown.state, shown.failure, shown.upload_id = CoverState.READY, made.failure, None
        if made.failure:
            shown.state = CoverState.FAILED
            return False
        shown.is_own = True
        _show(database, shown, made)
        return True

    _put_up(transaction, store, playlist_id, made, take)


def _read(store: ObjectStore, key: str) -> bytes:
    stored = store.open(key)
    if stored.size > MAX_COVER_BYTES:
        raise ArtworkError("The picture is larger than 5 MB.")
    return stored.read_range(0, stored.size)


def _renew_mosaic(transaction: Transaction, store: ObjectStore, playlist_id: UUID) -> bool:
    """As the tracks are now; nothing where the mosaic shows them already. False where somebody else
    has changed the picture meanwhile, maybe from what stood there before."""
    with transaction() as database:
        seen = _look(database, playlist_id)
    if seen is None:
        return True
    made = _drawn(store, _different(store, seen.artworks))
    if made.made_of == seen.made_of and bool(made.pictures) == bool(seen.folder):
        return True
    is_current = True

    def renew(database: Database, shown: PlaylistCover, made: Made) -> bool:
        nonlocal is_current
        is_current = shown.is_own or shown.folder == seen.folder
        if shown.is_own or not is_current:
            return False
        _show(database, shown, made)
        return True

    _put_up(transaction, store, playlist_id, made, renew)
    return is_current


def _look(database: Database, playlist_id: UUID) -> Seen | None:
    playlist = covers_repository.find_active(database, playlist_id=playlist_id)
    shown = covers_repository.find_cover(database, playlist_id=playlist_id)
    if playlist is None or (shown and shown.is_own):
        return None
    artworks = _artworks(database, playlist, shown)
    return Seen(shown.folder if shown else None, shown.made_of if shown else [], artworks)


def _artworks(database: Database, playlist: Playlist, shown: PlaylistCover | None) -> Sequence[str]:
    if playlist.rules is not None:
        return shown.candidates if shown else []
    rows = repository.list_entries(
        database, principal=VIEWER, playlist_id=playlist.id, after=None, limit=LOOKED_AT
    )
    return [row.thumbnail_key for row in rows if row.thumbnail_key]


def _different(store: ObjectStore, keys: Iterable[str]) -> dict[str, tuple[str, bytes]]:
    """Digest → key and bytes of the first four. The tracks of an album have the same picture under
    keys of their own: only the bytes tell. What cannot be read is passed over."""
    found: dict[str, tuple[str, bytes]] = {}
    for key in keys:
        if len(found) == TILES:
            break
        if body := _artwork(store, key):
            found.setdefault(sha256(body).hexdigest()[:32], (key, body))
    return found


def _artwork(store: ObjectStore, key: str) -> bytes | None:
    try:
        body = _read(store, key)
        read_artwork(body)
    except (ObjectMissing, ArtworkError):
        return None
    return body


def _drawn(store: ObjectStore, found: dict[str, tuple[str, bytes]]) -> Made:
    """Fewer than four artworks make no mosaic: the first stands alone."""
    if len(found) == TILES:
        return Made(mosaic([body for _, body in found.values()]), list(found))
    for key, small in found.values():
        medium = key.replace(ArtworkSize.SMALL.file_name, ArtworkSize.MEDIUM.file_name)
        if large := _artwork(store, medium):
            return Made((small, large), list(found))
    return Made(None, [])


def _put_up(
    transaction: Transaction,
    store: ObjectStore,
    playlist_id: UUID,
    made: Made,
    show: Callable[[Database, PlaylistCover, Made], bool],
) -> None:
    """Writes the pictures, and shows them unless `show` says that they are not wanted any more."""
    made = _stored(store, playlist_id, made)
    needless = made.folder
    with transaction() as database:
        if covers_repository.lock_active(database, playlist_id=playlist_id):
            shown = covers_repository.lock_cover(database, playlist_id=playlist_id)
            before = shown.folder
            if show(database, shown, made):
                needless = before
    if needless:
        store.delete_all(both_sizes(needless))


def _stored(store: ObjectStore, playlist_id: UUID, made: Made) -> Made:
    if made.pictures is None:
        return made
    folder = new_cover_folder(playlist_id)
    for name, body in zip((SMALL_FILE, LARGE_FILE), made.pictures, strict=True):
        store.put(f"{folder}/{name}", body, content_type="image/jpeg", cache=PUBLIC_FOR_EVER)
    return replace(made, folder=folder)


def _show(database: Database, shown: PlaylistCover, made: Made) -> None:
    shown.folder, shown.made_of = made.folder, list(made.made_of)
    key = f"{made.folder}/{SMALL_FILE}" if made.folder else None
    covers_repository.show(database, playlist_id=shown.playlist_id, thumbnail_key=key)
