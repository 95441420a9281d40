from djamms.api.schema import RequestModel, ResponseModel
from djamms.playlists.rules import Rules
from djamms.playlists.schemas import PlaylistTrack


class PreviewRequest(RequestModel):
    rules: Rules


class RulesPreview(ResponseModel):
    """`tracks` are the first 20; `duration` is of all, in seconds."""

    track_count: int
    duration: int
    tracks: list[PlaylistTrack]
