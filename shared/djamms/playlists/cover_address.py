"""The addresses of a playlist's picture, for anyone who has them and for ever."""

from djamms.config import config
from djamms.storage.cover_keys import IMAGES, LARGE_FILE, SMALL_FILE


def addresses(thumbnail: str | None) -> dict[str, str | None]:
    """`thumbnail` and `image`; an address from elsewhere stands for both."""
    if thumbnail is None or not thumbnail.startswith(IMAGES):
        return {"thumbnail": thumbnail, "image": thumbnail}
    address = f"{config.cdn_base_url}/{thumbnail}"
    return {"thumbnail": address, "image": address.removesuffix(SMALL_FILE) + LARGE_FILE}
