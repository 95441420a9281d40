"""What became of searches while an engine was away."""

from bench.search.outage import Answer, outage


def answer(began: float, *, status: int = 200, degraded: bool = False, ms: float = 10) -> Answer:
    return Answer(began, ms, status, "postgres" if degraded else "opensearch", degraded)


def test_counts_what_happened_after_the_kill() -> None:
    before = answer(1, status=500, ms=900)
    during = [answer(10, degraded=True, ms=400), answer(11, degraded=True), answer(12, status=0)]
    after = answer(40)

    found = outage([before, *during, after], since=10, back=20)

    assert (found.requests, found.failed, found.degraded) == (4, 1, 2)
    assert found.slowest_ms == 400


def test_recovery_lasts_until_the_last_degraded_answer() -> None:
    answers = [answer(10, degraded=True), answer(24.99, degraded=True), answer(25)]

    assert round(outage(answers, since=10, back=20).recovery_seconds, 3) == 5
    assert outage(answers[:1], since=10, back=20).recovery_seconds == 0


def test_a_request_that_was_under_way_counts() -> None:
    assert outage([answer(9.5, degraded=True, ms=1000)], since=10, back=20).degraded == 1
