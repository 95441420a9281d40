"""What was played: an event in the history, and a count on the track."""

from hashlib import blake2b
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.errors import NotFound, Unprocessable
from djamms.music import plays_repository as repository
from djamms.music.plays_repository import Play
from djamms.music.schemas import PlayReply, PlayRequest
from djamms.security.principal import Principal


def record_play(
    database: Database,
    *,
    principal: Principal,
    track_id: UUID,
    play: PlayRequest,
    key: str | None,
    client: str,
) -> PlayReply:
    """Counts once per caller and key; guests are told apart by `client`. Raises NotFound, and
    Unprocessable for a key that was another track's."""
    if key and principal.is_anonymous:
        key = blake2b(f"{client} {key}".encode(), digest_size=24).hexdigest()
    event = Play(track_id, play.duration_played, play.source, key, play.metadata)
    recorded = repository.add_play(database, principal=principal, play=event)
    plays = repository.count_play(
        database, principal=principal, track_id=track_id, by=1 if recorded else 0
    )
    if plays is None:
        raise NotFound("There is no such track.")
    if not recorded and key and not _is_repeated(database, principal, event):
        reason = "was used for the play of another track"
        raise Unprocessable(
            f"This key {reason}. Take a new one.", details=[{"field": "key", "reason": reason}]
        )
    return PlayReply(track_id=str(track_id), plays=plays, recorded=recorded)


def _is_repeated(database: Database, principal: Principal, play: Play) -> bool:
    return repository.played_with(database, principal=principal, key=play.key) == play.track_id
