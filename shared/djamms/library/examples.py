from datetime import timedelta

from pydantic import BaseModel

from djamms.api.examples import CHANGED_AT, MADE_AT, OTHER_TRACK_ID, PLAYLIST_ID, TRACK_ID
from djamms.library.schemas import (
    Cleared,
    FavoriteReply,
    FavoriteTrack,
    HiddenTrack,
    LocalFavorite,
    LocalLibrary,
    LocalPlay,
    LocalRemovals,
    LocalSearch,
    LocalStar,
    MergedFavorite,
    MergedLibrary,
    MergedPlay,
    MergedSearch,
    MergedStar,
    PlayedTrack,
    RemovedFavorite,
    SearchEntry,
    StarredPlaylist,
    StarReply,
    UnknownIds,
)
from djamms.music.examples import TRACK
from djamms.music.presenter import silenced
from djamms.music.schemas import PlaySource, TrackState
from djamms.playlists.examples import PLAYLIST

EVENT_ID = "9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c43"
SEARCH_ID = "4c5d6e7f-8a9b-4c0d-9e1f-2a3b4c5d6e21"
ELSEWHERE = "track-17"

EXAMPLES: dict[str, BaseModel] = {
    "A favorite": FavoriteTrack(**dict(TRACK) | {"is_favorite": True}, added_at=MADE_AT),
    "A track that is a favorite now": FavoriteReply(
        track_id=TRACK_ID, is_favorite=True, added_at=MADE_AT
    ),
    "A track that a moderator hid": HiddenTrack(
        **silenced(dict(TRACK), TrackState.HIDDEN), hidden_at=CHANGED_AT
    ),
    "A starred playlist": StarredPlaylist(
        **dict(PLAYLIST) | {"is_starred": True}, starred_at=MADE_AT
    ),
    "A playlist that is starred now": StarReply(
        playlist_id=PLAYLIST_ID, is_starred=True, starred_at=MADE_AT
    ),
    "A played track": PlayedTrack(
        **dict(TRACK),
        event_id=EVENT_ID,
        played_at=CHANGED_AT,
        duration_played=231,
        played_from=PlaySource.PLAYLIST,
    ),
    "A search": SearchEntry(
        id=SEARCH_ID,
        query="night ferry",
        filters={"year": "2020s"},
        result_count=1,
        searched_at=CHANGED_AT,
    ),
    "A cleared history": Cleared(deleted=12),
    "The lists of a browser": LocalLibrary(
        favorites=[
            LocalFavorite(track_id=TRACK_ID, added_at=MADE_AT),
            LocalFavorite(track_id=ELSEWHERE, added_at=MADE_AT),
        ],
        starred_playlists=[LocalStar(playlist_id=PLAYLIST_ID, added_at=MADE_AT)],
        recently_played=[LocalPlay(track_id=TRACK_ID, played_at=CHANGED_AT, duration_played=231)],
        search_history=[LocalSearch(query="night ferry", searched_at=CHANGED_AT)],
        removed=LocalRemovals(
            favorites=[
                RemovedFavorite(track_id=OTHER_TRACK_ID, removed_at=MADE_AT + timedelta(hours=1))
            ]
        ),
    ),
    "The merged lists": MergedLibrary(
        favorites=[MergedFavorite(track_id=TRACK_ID, added_at=MADE_AT)],
        starred_playlists=[MergedStar(playlist_id=PLAYLIST_ID, added_at=MADE_AT)],
        recently_played=[MergedPlay(track_id=TRACK_ID, played_at=CHANGED_AT)],
        search_history=[MergedSearch(query="night ferry", searched_at=CHANGED_AT)],
        unknown=UnknownIds(favorites=[ELSEWHERE], starred_playlists=[], recently_played=[]),
    ),
}
