from collections.abc import Iterable


class FakeStore:
    """Takes everything and keeps nothing: storage has tests of its own."""

    def put(self, key: str, body: bytes, *, content_type: str, cache: str) -> None: ...

    def duplicate(self, key: str, to: str) -> None: ...

    def is_listed(self, key: str) -> bool:
        return True

    def delete(self, key: str) -> None: ...

    def delete_all(self, keys: Iterable[str]) -> set[str]:
        return set()
