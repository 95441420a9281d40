"""What people ask of search, through the gateway."""

from urllib.parse import quote

from bench.catalogue import queries
from bench.client import request
from bench.latency import EMPTY_FILTERS, QUERIES, Scenario
from bench.setting import Setting

GUEST, SIGNED_IN, SUGGEST = "search, guest", "search, signed in", "suggest"
# p95 at one client in milliseconds, by the size of the library; requests/s at sixteen.
SEARCH_MS = {100_000: 15.0, 1_000_000: 40.0}
SUGGEST_MS = {100_000: 10.0, 1_000_000: 20.0}
SEARCHES_PER_SECOND = 100.0


def target(by_size: dict[int, float], tracks: int) -> float:
    """Of the smallest library that is as large."""
    return next((ms for size, ms in by_size.items() if tracks <= size * 1.1), max(by_size.values()))


def searches(setting: Setting, *, headers: str = "") -> list[bytes]:
    """With all facets, as every search has them."""
    return [
        request(
            f"{setting.stack.api}/music/search?q={quote(words)}{EMPTY_FILTERS}", headers=headers
        )
        for words in queries(setting.tracks, QUERIES)
    ]


def suggestions(setting: Setting) -> list[bytes]:
    """While somebody types: the same words, cut after three letters or more."""
    typed = [words[: 3 + place % 6] for place, words in enumerate(queries(setting.tracks, QUERIES))]
    address = f"{setting.stack.api}/music/suggest?q="
    return [request(address + quote(words.strip())) for words in typed]


def scenarios(setting: Setting) -> list[Scenario]:
    size = len(setting.tracks)
    search_ms = target(SEARCH_MS, size)
    signed_in = searches(setting, headers=setting.authorization)
    at_16 = SEARCHES_PER_SECOND
    return [
        Scenario(GUEST, "search", searches(setting), search_ms, at_16=at_16),
        Scenario(SIGNED_IN, "search", signed_in, search_ms, at_16=at_16),
        Scenario(SUGGEST, "search", suggestions(setting), target(SUGGEST_MS, size)),
    ]
