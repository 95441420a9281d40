"""Who may do what with a playlist, each rule a `WHERE` (docs/decisions/playlist-sharing.md)."""

from functools import cache

from sqlalchemy import ColumnElement, false, not_, or_, select, true
from sqlalchemy.orm import aliased

from djamms.models.playlist import Playlist
from djamms.models.sharing import Collaborator, CollaboratorRole
from djamms.models.user import User
from djamms.security.principal import Principal


def readable_by(principal: Principal) -> ColumnElement[bool]:
    """What is public, one's own, and what is shared with one; admins read all, and moderators
    what they have hidden."""
    anything = true() if principal.is_admin else false()
    moderated = Playlist.is_public if principal.moderates else false()
    hidden = Playlist.hidden_at.is_not(None) & or_(_owned(principal), moderated, anything)
    return hidden | Playlist.is_active & or_(
        Playlist.is_public, _owned(principal), shared_with(principal), anything
    )


def editable_by(principal: Principal) -> ColumnElement[bool]:
    """What stands in it, its name and description: who manages it, and its editors."""
    edits = shared_with(principal, CollaboratorRole.EDITOR)
    return managed_by(principal) | (Playlist.is_active & edits)


def managed_by(principal: Principal) -> ColumnElement[bool]:
    """Whether it is public, and whether it is: one's own; moderators manage public ones, admins
    also those of the installation and all."""
    public = Playlist.is_public if principal.moderates else false()
    anything = true() if principal.is_admin else false()
    return Playlist.is_active & or_(_owned(principal), public, anything)


def owned_by(principal: Principal) -> ColumnElement[bool]:
    """With whom it is shared, and whose it is: one's own; admins, all."""
    anything = true() if principal.is_admin else false()
    return Playlist.is_active & or_(_owned(principal), anything)


def _owned(principal: Principal) -> ColumnElement[bool]:
    return Playlist.owner_id == principal.user_id if principal.user_id else false()


def shared_with(principal: Principal, *roles: CollaboratorRole) -> ColumnElement[bool]:
    if principal.user_id is None:
        return false()
    playlist = _alias(Playlist)
    shared = (
        select(Collaborator.playlist_id)
        .join(playlist, playlist.id == Collaborator.playlist_id)
        .where(Collaborator.user_id == principal.user_id, goes_on(playlist))
    )
    return Playlist.id.in_(shared.where(Collaborator.role.in_(roles)) if roles else shared)


def goes_on(playlist: type[Playlist] = Playlist) -> ColumnElement[bool]:
    """Whether it is shared at all: what is private to an account that is deleted or deactivated
    waits until that comes back."""
    owner = _alias(User)
    is_off = select(owner.id).where(owner.id == playlist.owner_id, not_(owner.is_active))
    return playlist.is_public | not_(is_off.correlate(playlist).exists())


@cache
def _alias[Model](model: type[Model]) -> type[Model]:
    """Made once: it has all columns of its table, which is half a millisecond."""
    return aliased(model)
