"""Words of the library that a word may have been meant for: one slip away, or two."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from djamms.search.slips import ONE_SLIP, distance, slips
from djamms.search.words import Word

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


def _near(word: str, options: Sequence[Mapping[str, Any]]) -> list[Similar]:
    """The nearest first, of those the most frequent."""
    most = slips(word)
    found = [(distance(word, one["text"], most), -one["freq"], one["text"]) for one in options]
    return [Similar(text, edits) for edits, _, text in sorted(found) if edits <= most]
