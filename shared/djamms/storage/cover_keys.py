"""Where the pictures of playlists lie in the media bucket."""

from uuid import UUID, uuid4

from djamms.storage.keys import UPLOADS, ArtworkSize

COVERS = f"{UPLOADS}covers/"
MOSAIC = "mosaic"
IMAGES = "images/playlists/"
MAX_COVER_BYTES = 5 * 1024 * 1024
SMALL_FILE, LARGE_FILE = ArtworkSize.SMALL.file_name, "cover_300x300.jpg"


def cover_upload_key(playlist_id: UUID, upload_id: UUID) -> str:
    return f"{COVERS}{playlist_id}/{upload_id}"


def mosaic_order_key(playlist_id: UUID) -> str:
    """Of no object: it stands in a message that orders a mosaic."""
    return f"{COVERS}{playlist_id}/{MOSAIC}"


def cover_of(key: str) -> tuple[UUID, UUID | None] | None:
    """The playlist and its upload, None for a mosaic's order; None for any other key."""
    playlist, _, upload = key.removeprefix(COVERS).partition("/")
    try:
        found = UUID(playlist), None if upload == MOSAIC else UUID(upload)
    except ValueError:
        return None
    return found if key.startswith(COVERS) else None


def both_sizes(folder: str) -> list[str]:
    return [f"{folder}/{SMALL_FILE}", f"{folder}/{LARGE_FILE}"]


def pictures_at(thumbnail: str | None) -> list[str]:
    """Of a playlist with this thumbnail; none where it shows nothing of ours."""
    if thumbnail is None or not thumbnail.startswith(IMAGES):
        return []
    return both_sizes(thumbnail.removesuffix(f"/{SMALL_FILE}"))


def new_cover_folder(playlist_id: UUID) -> str:
    """Nobody guesses it, and no two pictures share one: it may be cached for ever."""
    return f"{IMAGES}{playlist_id}/{uuid4().hex}"
