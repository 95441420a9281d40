"""How names become words of the index. `words.split` has the same rules for queries.

Source: https://docs.opensearch.org/latest/analyzers/
"""

import unicodedata
from typing import Any

from djamms.search.words import FOLDS, LONGEST_WORD, SIGNS

# Kana that carry their sound mark beside them, as file names on some systems do.
KANA = {
    unicodedata.normalize("NFD", one): one
    for one in map(chr, range(0x3041, 0x3100))
    if len(unicodedata.normalize("NFD", one)) == 2
}
# Loose accents; in other scripts marks are letters.
MARKS = {chr(code): "" for code in range(0x300, 0x370)}
PLAIN = ["cjk_width", "lowercase", "asciifolding"]
WHOLE = ["said", "bang", "no_signs"]
ASIDES = r"(?i)(?<=\S)(\s+[(\[].*[)\]]|\s+-\s.*|\s+(feat|ft|featuring)\b.*)$"
# Parts of words are found from so many letters on.
PART_LETTERS = 4


def analysis() -> dict[str, Any]:
    return {
        "char_filter": {
            "letters": {"type": "mapping", "mappings": _mappings(KANA | FOLDS | MARKS)},
            "said": {"type": "mapping", "mappings": _mappings(KANA | FOLDS | MARKS | SIGNS)},
            "ampersand": {"type": "mapping", "mappings": ["&=>and"]},
            # "P!nk" is said so.
            "bang": _replaced(r"(?<=[\p{L}\p{N}])!(?=[\p{L}\p{N}])", "i"),
            # What follows a title or an artist: "(Live)", "- Remastered", "feat. Somebody".
            "asides": _replaced(ASIDES, ""),
            "no_signs": _replaced(r"[^\p{L}\p{N}\p{M}]+", ""),
        },
        "filter": {
            "grams": {"type": "cjk_bigram", "output_unigrams": True},
            "shortened": {"type": "truncate", "length": LONGEST_WORD},
            "pairs": {
                "type": "shingle",
                "token_separator": "",
                "output_unigrams": False,
                "max_shingle_size": 3,
            },
            "endings": {
                "type": "edge_ngram",
                "side": "back",
                "min_gram": PART_LETTERS,
                "max_gram": 20,
            },
        },
        "analyzer": {
            "words": _words("grams", "shortened"),
            "whole_words": _words("shortened"),
            # "gunsnroses": neighbours written as one.
            "joined": _words("pairs", "shortened"),
            # The ends of each word: a part of it is how one of them begins.
            "endings": _words("endings"),
        },
        "normalizer": {
            # "acdc": the whole name as one word; and without what follows it.
            "whole": {"char_filter": WHOLE, "filter": PLAIN},
            "name": {"char_filter": ["asides", *WHOLE], "filter": PLAIN},
            # As `genre_key` has it.
            "key": {"char_filter": ["ampersand", *WHOLE], "filter": PLAIN},
            "plain": {"char_filter": ["letters"], "filter": PLAIN},
            "lower": {"filter": ["lowercase"]},
        },
    }


def _words(*filters: str) -> dict[str, Any]:
    return {
        "type": "custom",
        "char_filter": ["said", "bang"],
        "tokenizer": "standard",
        "filter": [*PLAIN, *filters],
    }


def _mappings(pairs: dict[str, str]) -> list[str]:
    return [f"{_escaped(one)}=>{_escaped(other)}" for one, other in pairs.items()]


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(one):04x}" for one in text)


def _replaced(pattern: str, replacement: str) -> dict[str, str]:
    return {"type": "pattern_replace", "pattern": pattern, "replacement": replacement}
