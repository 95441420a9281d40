from pydantic import BaseModel

from djamms.api.examples import API
from djamms.music.examples import GENRE, TRACK
from djamms.search.highlighted import highlighted
from djamms.search.schemas import FacetValue, SearchReply, SuggestionReply, SuggestionsReply

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
        search_id=None,
        artists=[],
        albums=[],
        playlists=[],
        highlights={},
        explanations={},
    ),
}
EXAMPLES |= {
    "What goes on so": SuggestionsReply(
        query="night fe",
        suggestions=[
            SuggestionReply(
                type="track",
                text=TRACK.title,
                highlighted=highlighted(TRACK.title, "night fe"),
                id=TRACK.id,
                artist=TRACK.artist,
                track_count=None,
                thumbnail=TRACK.thumbnail,
                url=f"{API}/music/tracks/{TRACK.id}",
            )
        ],
        engine="postgres",
        degraded=False,
    ),
}

PARAMETERS: dict[str, tuple[str, str | None]] = {
    "tags": ("Genres, moods or own words, comma separated: a track must have them all.", None),
    "types": ("What to find, comma separated: `track`, `artist`, `album`, `playlist`.", None),
    "highlight": ("Whether to say where each track matches.", None),
    "explain": ("Whether to say what each track's place comes from.", None),
}
