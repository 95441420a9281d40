from pydantic import BaseModel

from djamms.music.examples import GENRE, TRACK
from djamms.search.schemas import FacetValue, SearchReply

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
    ),
}
