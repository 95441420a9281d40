"""To be imported with the client only: see there."""

from functools import partial
from typing import Any

from opensearchpy import Urllib3HttpConnection

from djamms.search.deadline import bounded, remaining


class BoundedConnection(Urllib3HttpConnection):
    """Keeps the deadline of whoever asks (djamms.search.deadline), where there is one."""

    def perform_request(self, *words: Any, timeout: float | None = None, **more: Any) -> Any:
        left = remaining()
        patience = timeout if left is None else left
        ask = partial(super().perform_request, *words, **{**more, "timeout": patience})
        return bounded(ask)
