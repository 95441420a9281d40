import pytest

from djamms.search.fallback import is_failure
from djamms.search.opensearch.replies import Incomplete, whole

WHOLE = {"timed_out": False, "_shards": {"total": 1, "successful": 1, "failed": 0}}


def test_a_whole_reply_is_one() -> None:
    assert whole(WHOLE) is WHOLE


@pytest.mark.parametrize(
    "missing", [{"timed_out": True}, {"_shards": {"total": 2, "successful": 1, "failed": 1}}]
)
def test_a_part_of_a_reply_is_a_failure_of_the_engine(missing: dict[str, object]) -> None:
    with pytest.raises(Incomplete) as raised:
        whole({**WHOLE, **missing})

    assert is_failure(raised.value)
