from uuid import UUID

from pydantic import BaseModel

from djamms.api.examples import TRACK_ID
from djamms.music.examples import ARTIST, GENRE, TRACK
from djamms.search.analytics.schemas import ClickRequest
from djamms.search.engine import Kind
from djamms.search.schemas import FacetValue, SearchReply

SEARCH_ID = "0e5b8d27-93c4-5f61-8a1e-7d42c6b9f038"

EXAMPLES: dict[str, BaseModel] = {
    "One match": SearchReply(
        tracks=[TRACK],
        total=1,
        total_is_exact=True,
        query="nigth ferry",
        did_you_mean="night ferry",
        filters={"year": "2020s"},
        facets={
            "genre": [FacetValue(value=GENRE, count=1)],
            "year": [FacetValue(value="2020s", count=1)],
            "duration": [FacetValue(value="medium", count=1)],
        },
        faceted_tracks=1,
        page=1,
        limit=50,
        engine="postgres",
        degraded=False,
        search_id=SEARCH_ID,
        artists=[],
        albums=[],
        playlists=[],
        highlights={},
        explanations={},
    ),
    "The first track was opened": ClickRequest(
        search_id=UUID(SEARCH_ID), track_id=UUID(TRACK_ID), position=1
    ),
    "An artist was opened": ClickRequest(
        search_id=UUID(SEARCH_ID), type=Kind.ARTIST, id=ARTIST, position=2
    ),
}

PARAMETERS: dict[str, tuple[str, str | None]] = {
    "tags": ("Genres, moods or own words, comma separated: a track must have them all.", None),
    "types": ("What to find, comma separated: `track`, `artist`, `album`, `playlist`.", None),
    "highlight": ("Whether to say where each track matches.", None),
    "explain": ("Whether to say what each track's place comes from.", None),
}
