"""The one exception tree. Each class fixes its HTTP status and code; `djamms.api` renders them.

Services raise these and never import the web framework.
"""

from typing import Any, ClassVar


class DomainError(Exception):
    """Something a caller can be told. `details` is a list of JSON objects."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    # True where what was written before the raise must stay, such as the revocation of a session.
    keeps_changes: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        details: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = details or []
        self.headers = headers or {}


class BadRequest(DomainError):
    status = 400
    code = "bad_request"


class Unauthenticated(DomainError):
    """No usable identity: RFC 9110 §15.5.2 asks for a challenge."""

    status = 401
    code = "unauthenticated"

    def __init__(self, message: str = "Sign in to do this.") -> None:
        super().__init__(message, headers={"WWW-Authenticate": "Bearer"})


class InvalidCredentials(Unauthenticated):
    code = "invalid_credentials"
    keeps_changes = True  # the failed attempt is noted

    def __init__(self) -> None:
        super().__init__("The name or the password is wrong.")


class InvalidToken(Unauthenticated):
    code = "invalid_token"

    def __init__(
        self, message: str = "The token is invalid or has expired. Sign in again."
    ) -> None:
        super().__init__(message)
        self.headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class RefreshTokenReused(InvalidToken):
    """A rotated token came back: someone copied it, so the whole family is revoked."""

    keeps_changes = True

    def __init__(self) -> None:
        super().__init__("This session was ended because its refresh token was used twice.")


class Forbidden(DomainError):
    status = 403
    code = "forbidden"


class WrongPassword(Forbidden):
    """Not 401: whoever is signed in stays so."""

    code = "wrong_password"
    keeps_changes = True  # the failure is counted

    def __init__(self) -> None:
        super().__init__("The current password is wrong.")


class InvalidResetToken(BadRequest):
    code = "invalid_reset_token"

    def __init__(self) -> None:
        super().__init__("This link was used, has expired or never was. Ask for a new one.")


class NotFound(DomainError):
    status = 404
    code = "not_found"


class Conflict(DomainError):
    status = 409
    code = "conflict"


class PreconditionFailed(DomainError):
    status = 412
    code = "precondition_failed"


class PreconditionRequired(DomainError):
    status = 428
    code = "precondition_required"


class PayloadTooLarge(DomainError):
    status = 413
    code = "payload_too_large"


class UnsupportedMediaType(DomainError):
    status = 415
    code = "unsupported_media_type"


class Unprocessable(DomainError):
    """Input whose form is right and whose content is not."""

    status = 422
    code = "validation_failed"


class TooManyRequests(DomainError):
    status = 429
    code = "rate_limited"


class NotYetAvailable(DomainError):
    """An endpoint of the public interface that this version does not serve yet."""

    status = 501
    code = "not_implemented"

    def __init__(self, message: str = "This version does not offer this yet.") -> None:
        super().__init__(message)


class Unavailable(DomainError):
    """A dependency is down or slow; the same request may succeed later."""

    status = 503
    code = "unavailable"

    def __init__(
        self, message: str = "A part of the system does not answer. Try again soon."
    ) -> None:
        super().__init__(message, headers={"Retry-After": "5"})
