import json
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from djamms.api.schema import RequestModel, ResponseModel
from djamms.auth.schemas import Email, NewPassword, PersonName, Username

DEEPEST = 20


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(value, allow_nan=False)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    inner: list[Any] = [value]
    for _ in range(DEEPEST):
        inner = [one for outer in inner for one in _inside(outer)]
    if inner:
        raise ValueError(f"nested more than {DEEPEST} deep")
    return value


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


Preferences = Annotated[dict[str, Any], AfterValidator(_storable)]


class ProfileChange(RequestModel):
    """What is left out stays; so does what is null, but for `name`."""

    name: PersonName | None = None
    username: Username | None = None
    email: Email | None = None
    password: NewPassword | None = None
    current_password: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    preferences: Preferences | None = None

    def changes(self) -> dict[str, Any]:
        sent = self.model_dump(exclude_unset=True, exclude={"current_password"})
        return {key: value for key, value in sent.items() if value is not None or key == "name"}


class PasswordResetRequest(RequestModel):
    email: Email


class PasswordConfirmation(RequestModel):
    token: Annotated[str, Field(min_length=1, max_length=100)]
    password: NewPassword


class ResetAccepted(ResponseModel):
    accepted: bool


class PasswordChanged(ResponseModel):
    changed: bool
