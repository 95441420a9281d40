from datetime import date
from uuid import UUID

from pydantic import BaseModel

from djamms.api.examples import API, TRACK_ID
from djamms.music.examples import ARTIST, GENRE, TRACK
from djamms.search.analytics.schemas import (
    ClickPosition,
    ClickRequest,
    DayFigures,
    EngineFigures,
    Figures,
    Latency,
    QueryFigures,
    QueryReport,
    SearchSummary,
)
from djamms.search.highlight import highlight_typed
from djamms.search.kinds import Kind
from djamms.search.schemas import FacetValue, SearchReply, SuggestionReply, SuggestionsReply

SEARCH_ID = "0e5b8d27-93c4-5f61-8a1e-7d42c6b9f038"

LATENCY = Latency(p50=4.1, p95=11.9, p99=22.6)
FIGURES = Figures(
    searches=412,
    searchers=97,
    zero_result_share=0.0437,
    click_through_rate=0.6117,
    abandonment=0.3447,
    degraded_share=0.0,
    click_position=ClickPosition(mean=2.31, median=1),
    latency=LATENCY,
)

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
            "bitrate": [FacetValue(value="128", count=1)],
            "tags": [FacetValue(value="night drive", count=1)],
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
    "A week of searches": SearchSummary(
        first=date(2026, 5, 4),
        last=date(2026, 5, 10),
        all=FIGURES,
        engines=[EngineFigures(engine="postgres", searches=412, latency=LATENCY)],
        days=[DayFigures(day=date(2026, 5, 8), **dict(FIGURES))],
    ),
    "What people search for": QueryReport(
        first=date(2026, 5, 4),
        last=date(2026, 5, 10),
        queries=[
            QueryFigures(
                query="night ferry",
                searches=38,
                searchers=21,
                zero_results=0,
                click_through_rate=0.8158,
                click_position=1.42,
            )
        ],
        total=1,
        page=1,
        limit=100,
        least_searchers=3,
        withheld_queries=64,
        withheld_searches=71,
    ),
}
EXAMPLES |= {
    "What goes on so": SuggestionsReply(
        query="night fe",
        suggestions=[
            SuggestionReply(
                type="track",
                text=TRACK.title,
                highlighted=highlight_typed(TRACK.title, "night fe"),
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
    "X-Session-Id": (
        "A random word of the client's own, for as long as it is open: tells searches of guests "
        "apart who share an address. Only a hash is kept, another every day.",
        None,
    ),
    "types": (
        "What to find, comma separated: `track`, `artist`, `album`, `playlist`; empty: all.",
        None,
    ),
    "highlight": ("Whether to say where each track matches.", None),
    "explain": ("Whether to say what each track's place comes from.", None),
}
