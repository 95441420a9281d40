"""How many slips a word bears, and how many there are between two."""

# From so many letters on a word bears one, or two.
ONE_SLIP, TWO_SLIPS = 3, 5
LONGEST = 40


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


def begins_with_slip(word: str, typed: str) -> bool:
    """Whether a beginning of the word is one slip away from what was typed, or none."""
    place = next((at for at, (a, b) in enumerate(zip(word, typed, strict=False)) if a != b), None)
    if place is None:
        return len(typed) <= len(word) + 1
    left, rest = word[place:], typed[place:]
    swapped = rest[1::-1] + rest[2:]
    return (
        left[1:].startswith(rest[1:])
        or left.startswith(rest[1:])
        or left[1:].startswith(rest)
        or (len(rest) > 1 and left.startswith(swapped))
    )
