"""What makes a tag: a mood that a file names, or a word of somebody's own."""

from collections.abc import Iterable

from djamms.genres import distinct_by, genre_key

MOST_TAGS = 30
MAX_LETTERS = 50


def own_words(words: Iterable[str]) -> list[str]:
    """Each once, in the spelling that comes first, as genres are told apart; without what has
    neither letter nor digit, and what is too long for a tag."""
    lines = (" ".join(word.split()) for word in words)
    known = (line for line in lines if len(line) <= MAX_LETTERS and genre_key(line))
    return distinct_by(genre_key, known)[:MOST_TAGS]
