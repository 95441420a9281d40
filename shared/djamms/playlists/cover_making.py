"""Makes the pictures of playlists, in `ingest`: that is where the picture library is.

A new picture lies in a new folder, so that nothing cached is ever wrong; the old one goes after
the commit.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.media.artwork import ArtworkError
from djamms.media.covers import MAX_COVER_BYTES, TILES, Cover, cover, mosaic
from djamms.models.cover import CoverState, PlaylistCover
from djamms.models.playlist import Playlist
from djamms.playlists import covers_repository, repository
from djamms.playlists.cover_orders import LOOKED_AT, viewer_of
from djamms.storage.cover_keys import LARGE_FILE, SMALL_FILE, cover_upload_key, new_cover_folder
from djamms.storage.keys import ArtworkSize
from djamms.storage.store import PUBLIC_FOR_EVER, ObjectMissing, ObjectStore

type Transaction = Callable[[], AbstractContextManager[Database]]


def make_cover(
    transaction: Transaction, *, store: ObjectStore, playlist_id: UUID, upload_id: UUID | None
) -> str | None:
    """Of an upload, or else a mosaic. Answers the raw object that nobody needs any more."""
    with transaction() as database:
        playlist = covers_repository.lock_active(database, playlist_id=playlist_id)
        old = None
        if playlist is not None:
            shown = covers_repository.lock_cover(database, playlist_id=playlist_id)
            old = (
                _renew_mosaic(database, store, playlist, shown)
                if upload_id is None
                else _take_upload(database, store, shown, upload_id)
            )
    if old:
        store.delete_all([f"{old}/{SMALL_FILE}", f"{old}/{LARGE_FILE}"])
    return cover_upload_key(playlist_id, upload_id) if upload_id else None


def _take_upload(
    database: Database, store: ObjectStore, shown: PlaylistCover, upload_id: UUID
) -> str | None:
    """Answers the folder of the picture before."""
    if shown.upload_id != upload_id:
        return None
    try:
        made = cover(_read(store, cover_upload_key(shown.playlist_id, upload_id)))
    except ObjectMissing:
        return None
    except ArtworkError as error:
        shown.state, shown.failure, shown.upload_id = CoverState.FAILED, str(error), None
        return None
    shown.state, shown.failure, shown.upload_id = CoverState.READY, None, None
    shown.is_own, shown.made_of = True, []
    return _show(database, store, shown, made)


def _read(store: ObjectStore, key: str) -> bytes:
    stored = store.open(key)
    if stored.size > MAX_COVER_BYTES:
        raise ArtworkError("The picture is larger than 5 MB.")
    return stored.read_range(0, stored.size)


def _renew_mosaic(
    database: Database, store: ObjectStore, playlist: Playlist, shown: PlaylistCover
) -> str | None:
    """As the tracks are now; nothing where the mosaic shows them already."""
    if shown.is_own:
        return None
    found = _different(store, _artworks(database, playlist, shown))
    digests = list(found)
    if digests == shown.made_of and bool(shown.folder) == bool(found):
        return None
    shown.made_of = digests
    if not found:
        covers_repository.show(database, playlist_id=playlist.id, thumbnail_key=None)
        old, shown.folder = shown.folder, None
        return old
    return _show(database, store, shown, _picture(store, found))


def _picture(store: ObjectStore, found: dict[str, tuple[str, bytes]]) -> Cover:
    """Fewer than four artworks make no mosaic: the first stands alone."""
    if len(found) == TILES:
        return mosaic([body for _, body in found.values()])
    key, small = next(iter(found.values()))
    medium = key.replace(ArtworkSize.SMALL.file_name, ArtworkSize.MEDIUM.file_name)
    return small, _read(store, medium)


def _artworks(database: Database, playlist: Playlist, shown: PlaylistCover) -> Iterator[str]:
    if playlist.rules is not None:
        return iter(shown.candidates)
    rows = repository.list_entries(
        database,
        principal=viewer_of(playlist),
        playlist_id=playlist.id,
        after=None,
        limit=LOOKED_AT,
    )
    return (row.thumbnail_key for row in rows if row.thumbnail_key)


def _different(store: ObjectStore, keys: Iterator[str]) -> dict[str, tuple[str, bytes]]:
    """Digest → key and bytes of the first four. The tracks of an album have the same picture under
    keys of their own: only the bytes tell."""
    found: dict[str, tuple[str, bytes]] = {}
    for key in keys:
        try:
            body = _read(store, key)
        except ObjectMissing:
            continue
        found.setdefault(sha256(body).hexdigest()[:32], (key, body))
        if len(found) == TILES:
            break
    return found


def _show(database: Database, store: ObjectStore, shown: PlaylistCover, made: Cover) -> str | None:
    folder, old = new_cover_folder(shown.playlist_id), shown.folder
    for name, body in zip((SMALL_FILE, LARGE_FILE), made, strict=True):
        store.put(f"{folder}/{name}", body, content_type="image/jpeg", cache=PUBLIC_FOR_EVER)
    shown.folder = folder
    key = f"{folder}/{SMALL_FILE}"
    covers_repository.show(database, playlist_id=shown.playlist_id, thumbnail_key=key)
    return old
