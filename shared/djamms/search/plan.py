"""From words to the queries of the index (`tsquery`), and how matches are ranked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from djamms.search.tokens import MOST_ALTERNATIVES, Token, spelled

# A title or artist that equals the whole query stands in the index under these signs, in one word.
TITLE, ARTIST = "=", "@"
LONGEST_NAME = 60
# What a matched word counts by how it was matched: as typed, as a beginning, as a part, after one
# edit, after two. Divided by the number of words, so that a query's best score is about one.
EXACT, LONGER, PART, NEAR, FAR = 1.0, 0.45, 0.3, 0.25, 0.1

# Two words together are in a tenth of the tracks of the rarer one, or less. To look at a track
# costs as much as to read twenty entries of the index.
TOGETHER, ROW_COST = 10, 20


@dataclass(slots=True)
class Alternatives:
    """Lexemes by how they match, over all words of the query."""

    exact: list[str] = field(default_factory=list)
    longer: list[str] = field(default_factory=list)
    part: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    far: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """`queries` are tried one after the other until there are enough matches; without any, all
    tracks are. `recheck` then holds for each. `certain`: so many tracks match at least, or, when
    `certain_is_all`, exactly; `reach`: about so many do, or less. `corrected`: what a track must
    hold for a correction to be of use."""

    queries: tuple[str, ...]
    recheck: str | None
    certain: int
    certain_is_all: bool
    reach: int | None
    corrected: str | None
    score: dict[str, str | float | None]


def seen_last(plan: Plan) -> Plan:
    """The same matches, for rows that something else has found."""
    parts = [part for part in (*plan.queries[-1:], plan.recheck) if part]
    return replace(plan, queries=(), recheck=every(f"({part})" for part in parts) or None)


def lexeme(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def either(parts: Iterable[str]) -> str | None:
    found = list(dict.fromkeys(parts))
    return f"({' | '.join(found)})" if len(found) > 1 else found[0] if found else None


def every(parts: Iterable[str]) -> str:
    return " & ".join(parts)


def plan(tokens: Sequence[Token], *, filters: Sequence[str], enough: int, loosely: bool) -> Plan:
    """`loosely`: one word of three or more may be missing, and those that the library lacks."""
    ways = Alternatives()
    needed = required(tokens, loosely=loosely)
    looked_at = bool(needed) and not loosely and _last_is_broad(needed)
    terms = [
        _term(token, ways, is_last=token is tokens[-1], looked_at=looked_at) for token in needed
    ]
    ways.exact += [lexeme(token.word) for token in tokens if token not in needed]
    whole = [every(terms), *_joined(needed, terms, ways)]
    if loosely and len(terms) > 2:
        whole += [every(terms[:place] + terms[place + 1 :]) for place in range(len(terms))]
    words = recheck = either(f"({one})" for one in whole) if terms else None
    if looked_at and len(whole) == 1:
        words = every(terms[:-1])
    wanted = [words, *filters] if words else filters
    queries = [every(wanted)] if wanted else []
    if words and fewest(needed) > enough:
        queries.insert(0, _just_typed(tokens, filters))
    return Plan(
        queries=tuple(queries),
        recheck=None if recheck == words else recheck,
        certain=_certain(needed, tokens) if not filters else 0,
        certain_is_all=len(needed) == 1 and reach(needed[0]) == needed[0].tracks,
        reach=fewest(needed) if needed else None,
        corrected=_corrected(tokens),
        score=_score(tokens, ways),
    )


def _last_is_broad(needed: Sequence[Token]) -> bool:
    """Whether to look at what the other words leave, rather than to read all that begins with a
    few letters."""
    *others, last = needed
    if not others or not last.longer:
        return False
    left = fewest(others) / (1 if len(others) == 1 else TOGETHER)
    return left * ROW_COST < reach(last)


def required(tokens: Sequence[Token], *, loosely: bool = False) -> list[Token]:
    strong = [token for token in tokens if not token.is_weak] or list(tokens)
    found = [token for token in strong if token.is_found]
    return found if loosely and found else strong


def fewest(tokens: Sequence[Token]) -> int:
    """About so many tracks, or less, hold all words."""
    return min((reach(token) for token in tokens), default=0)


def reach(token: Token) -> int:
    """How many tracks hold the word or what it may stand for, about."""
    similar = [one.tracks for one in token.near] + [tracks for _, _, tracks in token.halves]
    return token.tracks + sum(tracks for _, tracks in token.longer + token.holding) + sum(similar)


def _certain(needed: Sequence[Token], tokens: Sequence[Token]) -> int:
    """The most frequent of the words that a single one stands for."""
    if len(needed) != 1:
        return 0
    token = needed[0]
    if token.tracks and token is not tokens[-1]:
        return token.tracks
    named = (tracks for _, tracks in token.longer + token.holding)
    return max([token.tracks, *named, *(similar.tracks for similar in token.near)])


def _corrected(tokens: Sequence[Token]) -> str | None:
    """None when nothing is corrected."""
    if all(token.best_guess == token.word for token in tokens):
        return None
    words = (
        lexeme(word) if word != token.word or token.tracks else f"{lexeme(word)}:*"
        for token in required(tokens)
        for word in token.best_guess.split()
    )
    return every(words)


def _term(token: Token, ways: Alternatives, *, is_last: bool, looked_at: bool) -> str:
    """Everything that the word may stand for; an unknown one perhaps for a whole name."""
    signs = ("",) if token.tracks else (TITLE, ARTIST)
    exact = [lexeme(sign + token.word) for sign in signs]
    longer = _longer(token, looked_at) if is_last or not token.tracks else []
    halves = [f"({lexeme(one)} & {lexeme(two)})" for one, two, _ in token.halves]
    part = [lexeme(word) for word, _ in token.holding]
    near = [lexeme(similar.word) for similar in token.near if similar.edits == 1]
    far = [lexeme(similar.word) for similar in token.near if similar.edits > 1]
    ways.exact += exact
    ways.longer += longer + halves
    ways.part += part
    ways.near += near
    ways.far += far
    return either([*exact, *longer, *halves, *part, *near, *far]) or ""


def _longer(token: Token, looked_at: bool) -> list[str]:
    """The words that begin with this one by their names, or all of them as one prefix: of names
    the index reads only what other words leave, but many names cost more than one prefix. With a
    single letter begins too much of the index, so that only the most frequent words are meant."""
    is_letter = len(token.word) == 1 and not looked_at
    if len(token.longer) < MOST_ALTERNATIVES or is_letter:
        return [lexeme(word) for word, _ in token.longer]
    return [f"{lexeme(token.word)}:*"]


def _joined(needed: Sequence[Token], terms: Sequence[str], ways: Alternatives) -> Iterable[str]:
    """The query with two neighbours as the one word that they make together."""
    for place, (token, following) in enumerate(pairwise(needed)):
        if token.joined:
            word = lexeme(token.word + following.word)
            ways.longer.append(word)
            yield every([*terms[:place], word, *terms[place + 2 :]])


def _just_typed(tokens: Sequence[Token], filters: Sequence[str]) -> str:
    """Of very many matches, those whose title or artist is just what was typed come first."""
    joined = "".join(spelled(tokens))
    return every([f"({_name(TITLE, joined)} | {_name(ARTIST, joined)})", *filters])


def _name(sign: str, joined: str) -> str:
    return lexeme(sign + joined[:LONGEST_NAME])


def _score(tokens: Sequence[Token], ways: Alternatives) -> dict[str, str | float | None]:
    words = spelled(tokens, guessed=True)
    joined = dict.fromkeys(["".join(words), "".join(spelled(tokens))])
    weights = {"exact": EXACT, "longer": LONGER, "part": PART, "near": NEAR, "far": FAR}
    score: dict[str, str | float | None] = {
        "title": either(_name(TITLE, one) for one in joined),
        "artist": either(_name(ARTIST, one) for one in joined),
        "both": either(_title_and_artist(words)),
    }
    for name, weight in weights.items():
        lexemes = list(dict.fromkeys(getattr(ways, name)))
        score[name] = either(lexemes)
        # ts_rank divides by the number of lexemes, which says nothing about a match.
        score[f"{name}_weight"] = weight * len(lexemes) / max(len(tokens), 1)
    return score


def _title_and_artist(words: Sequence[str]) -> Iterable[str]:
    for cut in range(1, len(words)):
        one, two = "".join(words[:cut]), "".join(words[cut:])
        yield f"({_name(TITLE, one)} & {_name(ARTIST, two)})"
        yield f"({_name(ARTIST, one)} & {_name(TITLE, two)})"
