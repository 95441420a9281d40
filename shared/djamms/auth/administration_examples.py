"""Sessions, accounts and security events in the API's description."""

from typing import Any

from pydantic import BaseModel

from djamms.api.examples import CHANGED_AT, MADE_AT, USER_ID
from djamms.auth.audit_schemas import AuditReply
from djamms.auth.session_schemas import SessionReply, SessionsRevoked
from djamms.auth.user_schemas import Account, AccountChanges, AccountDeleted, AccountDetails
from djamms.models.user import Role
from djamms.security.audit import Event

SESSION_ID = "4b8d0f2a-6c1e-4937-85fb-a0c2e4d6b813"
ADMIN_ID = "0d6a4f8e-2b7c-4e19-9f35-c8e1a7b3d524"
ADDRESS = "203.0.113.24"
ACCOUNT: dict[str, Any] = {
    "id": USER_ID,
    "username": "nadia",
    "email": "nadia@example.com",
    "name": "Nadia Ferrand",
    "role": Role.MODERATOR,
    "is_active": True,
    "created_at": MADE_AT,
    "updated_at": CHANGED_AT,
    "last_login": CHANGED_AT,
    "deleted_at": None,
    "erase_after": None,
}

EXAMPLES: dict[str, BaseModel] = {
    "A sign-in": SessionReply(
        id=SESSION_ID,
        device="Firefox on Windows",
        user_agent="Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
        source_ip=ADDRESS,
        created_at=MADE_AT,
        last_used_at=CHANGED_AT,
        expires_at=CHANGED_AT.replace(month=6),
        is_current=True,
    ),
    "Ended sessions": SessionsRevoked(revoked=3),
    "An account in the list": Account(**ACCOUNT),
    "An account with what it has": AccountDetails(
        **ACCOUNT, sessions=2, playlists=14, public_playlists=5, uploads=120
    ),
    "A new moderator": AccountChanges(role=Role.MODERATOR),
    "A deactivated account": AccountChanges(is_active=False),
    "A deleted account": AccountDeleted(
        id=USER_ID, deleted=True, transferred=5, erase_after=CHANGED_AT.replace(day=23)
    ),
    "A role that was changed": AuditReply(
        id="4711",
        occurred_at=CHANGED_AT,
        event=Event.ROLE_CHANGED,
        user_id=USER_ID,
        user="nadia",
        actor_id=ADMIN_ID,
        actor="boss",
        source_ip=ADDRESS,
        details={"before": "user", "after": "moderator"},
    ),
}

PARAMETERS: dict[str, tuple[str, str | None]] = {
    "session_id": ("A session's id, from the list of sessions.", SESSION_ID),
    "user_id": ("An account's id.", USER_ID),
    "current": ("Whether the session that asks ends too.", None),
    "role": ("Only accounts with this role.", None),
    "active": ("Only accounts that may sign in, or only those that may not.", None),
    "transferTo": ("The account that public playlists pass to.", None),
    "erase": ("Whether what is personal goes without a time of grace, within the hour.", None),
    "event": ("Only events of this kind, such as `login.failed`.", None),
    "userId": ("Only events about this account.", None),
    "actorId": ("Only what this account did to others.", None),
    "sourceIp": ("Only events from this address.", None),
    "since": ("Only events from this time on; with a time zone.", None),
    "until": ("Only events before this time; with a time zone.", None),
}
