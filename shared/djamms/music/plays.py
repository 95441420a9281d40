"""What was played: an event in the history, and a count on the track."""

from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.errors import NotFound
from djamms.music import plays_repository as repository
from djamms.music.schemas import PlayReply, PlayRequest
from djamms.security.principal import Principal


def record_play(
    database: Database, *, principal: Principal, track_id: UUID, play: PlayRequest
) -> PlayReply:
    """Counts once per caller and key; raises NotFound."""
    recorded = repository.add_play(
        database,
        principal=principal,
        track_id=track_id,
        duration_seconds=play.duration_played,
        source=play.source,
        client_key=play.key,
    )
    plays = repository.count_play(
        database, principal=principal, track_id=track_id, by=1 if recorded else 0
    )
    if plays is None:
        raise NotFound("There is no such track.")
    return PlayReply(track_id=str(track_id), plays=plays, recorded=recorded)
