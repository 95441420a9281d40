from typing import Self

from pydantic import model_validator

from djamms.api.schema import RequestModel, ResponseModel, UtcTime
from djamms.auth.schemas import PersonName
from djamms.models.user import Role


class Account(ResponseModel):
    """As administrators see it. `deleted_at` is set once it was deleted, and until `erase_after` it
    can be brought back."""

    id: str
    username: str
    email: str
    name: str
    role: str
    is_active: bool
    created_at: UtcTime
    updated_at: UtcTime
    last_login: UtcTime | None
    deleted_at: UtcTime | None
    erase_after: UtcTime | None


class AccountDetails(Account):
    """With how many live sessions, playlists (deleted ones aside) and tracks hang on it."""

    sessions: int
    playlists: int
    public_playlists: int
    uploads: int


class AccountChanges(RequestModel):
    """Only what is given changes; `name: null` clears it."""

    role: Role | None = None
    is_active: bool | None = None
    name: PersonName | None = None

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        for field in ("role", "is_active"):
            if field in self.model_fields_set and getattr(self, field) is None:
                raise ValueError(f"{field} cannot be null")
        return self


class AccountDeleted(ResponseModel):
    """`transferred` public playlists changed hands; what is personal goes with the first clean-up
    after `erase_after`."""

    id: str
    deleted: bool
    transferred: int
    erase_after: UtcTime
