from pydantic import BaseModel

from djamms.api.examples import CHANGED_AT, MADE_AT, USER_ID
from djamms.auth import administration_examples as administration
from djamms.auth.account_schemas import (
    PasswordChanged,
    PasswordConfirmation,
    PasswordResetRequest,
    ProfileChange,
    ResetAccepted,
)
from djamms.auth.schemas import (
    Credentials,
    LoggedOut,
    RefreshRequest,
    Registration,
    SignedIn,
    UserReply,
)
from djamms.models.user import Role
from djamms.security.permissions import PERMISSIONS

USERNAME, EMAIL, WORDS = "nadia", "nadia@example.com", "seven quiet harbours"
ACCESS = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3YTNjOWUxNSJ9.bm90LWEtc2lnbmF0dXJl"
REFRESH = "9d2f4b6a0c8e4135a7b95e3d1c0f8a98.bm90LWEtc2VjcmV0"
RESET = "Vb0mWc3mW4n1u8Zc9p2yQ7r5t6e3w1q0x8d4k7j2h6g"
NEW_WORDS = "nine slow lighthouses"
HOUR_SECONDS = 3600

USER = UserReply(
    id=USER_ID,
    username=USERNAME,
    email=EMAIL,
    name="Nadia Ferrand",
    role=Role.USER,
    permissions=sorted(PERMISSIONS[Role.USER]),
    preferences={"theme": "dark"},
    created_at=MADE_AT,
    last_login=CHANGED_AT,
)

EXAMPLES: dict[str, BaseModel] = {
    "A new account": Registration(
        username=USERNAME, email=EMAIL, password=WORDS, name="Nadia Ferrand"
    ),
    "By e-mail address": Credentials(email=EMAIL, password=WORDS),
    "By user name": Credentials(username=USERNAME, password=WORDS),
    "By refresh token": RefreshRequest(refresh_token=REFRESH),
    "By the bearer token": RefreshRequest(),
    "A session": SignedIn(token=ACCESS, refresh_token=REFRESH, expires_in=HOUR_SECONDS, user=USER),
    "An access token alone": SignedIn(
        token=ACCESS, refresh_token=None, expires_in=HOUR_SECONDS, user=USER
    ),
    "The session has ended": LoggedOut(logged_out=True),
    "An account": USER,
    **administration.EXAMPLES,
    "A name and a preference": ProfileChange(name="Nadia F.", preferences={"theme": "light"}),
    "A new password": ProfileChange(password=NEW_WORDS, current_password=WORDS),
    "A new address": ProfileChange(email="nadia@example.org", current_password=WORDS),
    "A forgotten password": PasswordResetRequest(email=EMAIL),
    "The link's token and the new password": PasswordConfirmation(token=RESET, password=NEW_WORDS),
    "If there is such an account, it gets a mail": ResetAccepted(accepted=True),
    "The password is set": PasswordChanged(changed=True),
}
PARAMETERS = administration.PARAMETERS
