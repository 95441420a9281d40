"""Words of the library that a word may have been meant for: one slip away, or two."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from djamms.search.opensearch.words import Word

# From so many letters on a word bears one slip, or two.
ONE_SLIP, TWO_SLIPS = 3, 5
LONGEST = 40
MOST_WORDS = 8


class Similar(NamedTuple):
    text: str
    edits: int


type Near = Mapping[str, Sequence[Similar]]


def asks(words: Sequence[Word], *, known_too: bool) -> dict[str, Any]:
    """What to ask the node: what is near of words that it lacks, or of all."""
    texts = [word.text for word in words if slips(word.text) and not word.is_cjk]
    return {
        "size": 0,
        "suggest": {
            "near": {
                "text": " ".join(texts),
                "term": {
                    "field": "all",
                    "analyzer": "whitespace",
                    "suggest_mode": "always" if known_too else "missing",
                    "prefix_length": 0,
                    "min_word_length": ONE_SLIP,
                    "max_edits": 2,
                    "size": MOST_WORDS,
                    "accuracy": 0.3,
                },
            }
        },
    }


def read(reply: Mapping[str, Any]) -> Near:
    entries = reply.get("suggest", {}).get("near", [])
    return {entry["text"]: _near(entry["text"], entry["options"]) for entry in entries}


def slips(word: str) -> int:
    """How many a word bears."""
    if not ONE_SLIP <= len(word) <= LONGEST:
        return 0
    return 1 if len(word) < TWO_SLIPS else 2


def distance(one: str, other: str, most: int) -> int:
    """Letters more, less, other ones, or two in each other's place; `most` + 1 where it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        further = [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(row[j] + 1, further[j - 1] + 1, row[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            further.append(cost)
        before, row = row, further
    return row[-1]


def _near(word: str, options: Sequence[Mapping[str, Any]]) -> list[Similar]:
    """The nearest first, of those the most frequent."""
    most = slips(word)
    found = [(distance(word, one["text"], most), -one["freq"], one["text"]) for one in options]
    return [Similar(text, edits) for edits, _, text in sorted(found) if edits <= most]
