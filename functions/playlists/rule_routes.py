from uuid import UUID

from djamms.api.limits import at_most
from djamms.api.route import Caller, Database, create_router, needs
from djamms.playlists import rule_edits
from djamms.playlists.rule_replies import PreviewRequest, RulesPreview
from djamms.playlists.schemas import PlaylistReply
from djamms.security.permissions import Permission

WRITE = needs(Permission.WRITE_PLAYLISTS)

router = create_router("/api/playlists", tag="playlists")


@router.post("/preview-rules", openapi_extra=WRITE | at_most(60, seconds=60))
async def preview_rules(body: PreviewRequest, database: Database, caller: Caller) -> RulesPreview:
    """What a playlist with these rules would hold now; nothing is kept."""
    return rule_edits.preview(database, principal=caller, rules=body.rules)


@router.post("/{playlist_id}/freeze", openapi_extra=WRITE)
async def freeze(playlist_id: UUID, database: Database, caller: Caller) -> PlaylistReply:
    """Makes a playlist with rules an ordinary one that holds what they choose now."""
    return rule_edits.freeze(database, principal=caller, playlist_id=playlist_id)
