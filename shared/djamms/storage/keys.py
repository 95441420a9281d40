"""Where things lie in the media bucket."""

from enum import StrEnum
from uuid import UUID


class ArtworkSize(StrEnum):
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    @property
    def pixels(self) -> int:
        return {"small": 150, "medium": 300, "large": 600}[self.value]

    @property
    def file_name(self) -> str:
        prefix = "thumbnail" if self is ArtworkSize.SMALL else self.value
        return f"{prefix}_{self.pixels}x{self.pixels}.jpg"


def upload_key(track_id: UUID) -> str:
    return f"uploads/{track_id}"


def artwork_key(track_id: UUID, size: ArtworkSize) -> str:
    return f"images/tracks/{track_id}/{size.file_name}"
