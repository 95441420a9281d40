"""What was found as JSON. Our own rows need no checking, which would take longer than the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_json

from djamms.api.schema import utc_text
from djamms.db.types import AnyRow
from djamms.music.presenter import TrackPresenter
from djamms.music.schemas import TrackReply
from djamms.search.engine import SearchResult
from djamms.search.schemas import SearchQuery, SearchReply


def _wire_names(model: Any) -> dict[str, str]:
    return {name: field.serialization_alias for name, field in model.model_fields.items()}


TRACK = _wire_names(TrackReply)
REPLY = _wire_names(SearchReply)


def present(
    result: SearchResult,
    query: SearchQuery,
    search_id: UUID | None,
    names: Mapping[str, Sequence[BaseModel]],
) -> bytes:
    """What a `SearchReply` of it would be."""
    presenter = TrackPresenter()
    reply = {
        "tracks": [_track(presenter, row) for row in result.tracks],
        "total": result.total,
        "total_is_exact": result.total_is_exact,
        "query": query.q,
        "did_you_mean": result.did_you_mean,
        "filters": {name: value for name, value in query.filters().items() if value},
        "facets": {
            kind: [{"value": facet.value, "count": facet.tracks} for facet in facets]
            for kind, facets in result.facets.items()
        },
        "faceted_tracks": result.faceted_tracks,
        "page": query.page,
        "limit": query.limit,
        "engine": result.engine,
        "degraded": result.degraded,
        "search_id": search_id and str(search_id),
        **{kind: [one.model_dump(by_alias=True) for one in found] for kind, found in names.items()},
        "highlights": {str(track): shown for track, shown in result.highlights.items()},
        "explanations": {
            str(track): asdict(explanation) for track, explanation in result.explanations.items()
        },
    }
    return to_json({REPLY[name]: value for name, value in reply.items()})


def _track(presenter: TrackPresenter, row: AnyRow) -> dict[str, Any]:
    fields = presenter.track_fields(row)
    fields["date_added"] = utc_text(fields["date_added"])
    fields["updated_at"] = utc_text(fields["updated_at"])
    return {TRACK[name]: value for name, value in fields.items()}
