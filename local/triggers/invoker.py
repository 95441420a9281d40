"""How triggers call functions: the answer, or one exception."""

from typing import Protocol


class Failed(Exception):
    """The function did not do its work. `kind` is AWS's word for it."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Invoke(Protocol):
    async def __call__(self, function: str, payload: bytes, /) -> bytes:
        """The function's answer. Raises Failed for its errors and when it cannot be called."""
        ...
