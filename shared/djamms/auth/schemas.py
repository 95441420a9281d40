from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from djamms.api.schema import RequestModel, ResponseModel, UtcTime
from djamms.auth.rules import LONGEST, SHORTEST
from djamms.invisible import has_controls

Username = Annotated[
    str, Field(min_length=3, max_length=50, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
]


def _one_line(text: str) -> str:
    if has_controls(text):
        raise ValueError("must be one line of visible text")
    return text


# Only a mail that arrives proves an address; venues also use names such as `bar.local`. Without
# what RFC 5322 allows in quotes only.
ATOM = r"[^@\s.<>()\[\]\\,;:\"]+"
Email = Annotated[
    str,
    Field(max_length=255, pattern=rf"^{ATOM}(\.{ATOM})*@{ATOM}(\.{ATOM})+$"),
    AfterValidator(_one_line),
    AfterValidator(str.lower),
]
PersonName = Annotated[str, Field(max_length=100), AfterValidator(_one_line)]
# NIST SP 800-63B: length decides; the upper bound keeps hashing cheap.
NewPassword = Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST)]


class Registration(RequestModel):
    username: Username
    email: Email
    password: NewPassword
    name: PersonName | None = None


class Credentials(RequestModel):
    """A password with a user name or an e-mail address, under any of three names."""

    login: Annotated[str, Field(max_length=255)] | None = None
    email: Annotated[str, Field(max_length=255)] | None = None
    username: Annotated[str, Field(max_length=255)] | None = None
    password: Annotated[str, Field(min_length=1, max_length=128)]

    @model_validator(mode="after")
    def _needs_a_name(self) -> Self:
        if not self.account:
            raise ValueError("one of email, username or login is needed")
        return self

    @property
    def account(self) -> str:
        return self.login or self.email or self.username or ""


class RefreshRequest(RequestModel):
    refresh_token: Annotated[str, Field(max_length=200)] | None = None


class UserReply(ResponseModel):
    id: str
    username: str
    email: str
    name: str
    role: str
    permissions: list[str]
    preferences: dict[str, Any]
    created_at: UtcTime
    last_login: UtcTime | None


class SignedIn(ResponseModel):
    """`refresh_token` is null where an access token alone was renewed; `expires_in` is seconds."""

    token: str
    refresh_token: str | None
    expires_in: int
    user: UserReply


class LoggedOut(ResponseModel):
    logged_out: bool
