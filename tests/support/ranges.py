"""A file as the bucket gives it: the first 64 KiB come with opening it, the rest by range."""

from djamms.storage.store import HEAD_BYTES


class HeadSource:
    """Counts what reading costs."""

    def __init__(self, data: bytes) -> None:
        self._data, self.size = data, len(data)
        self.requests, self.bytes_read = 1, min(len(data), HEAD_BYTES)

    def read_range(self, start: int, length: int) -> bytes:
        if start + length > HEAD_BYTES:
            missing = start + length - max(start, HEAD_BYTES)
            self.requests, self.bytes_read = self.requests + 1, self.bytes_read + missing
        return self._data[start : start + length]
