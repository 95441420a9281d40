"""Why a track has its place: what its words, its popularity and its age add."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast, get_args
from uuid import UUID

from djamms.search.engine import Explanation, How, Match
from djamms.search.words import Word

# What popularity (0 to 100) and being new add to the score of the words.
POPULARITY, FRESHNESS, FRESH_FOR = 0.001, 0.02, timedelta(days=60)
HOWS: tuple[str, ...] = get_args(How.__value__)
# As they are called in the index, and in an explanation.
FIELDS = {"title": "title", "artist": "artist", "album": "album", "own_tags": "tags"}
# What a hit must bring along.
NEEDED = ("popularity", "added")


def functions(now: datetime) -> list[dict[str, Any]]:
    """The same within the hour: pages that are turned keep their order."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    scale = f"{FRESH_FOR.days}d"
    return [
        {"field_value_factor": {"field": "popularity", "factor": POPULARITY, "missing": 0}},
        {
            "gauss": {"added": {"origin": hour.isoformat(), "scale": scale, "decay": 0.5}},
            "weight": FRESHNESS,
        },
    ]


def explanations(
    words: Sequence[Word], hits: Sequence[Mapping[str, Any]], now: datetime
) -> dict[UUID, Explanation]:
    hour = now.replace(minute=0, second=0, microsecond=0)
    return {UUID(hit["sort"][-1]): _explanation(words, hit, hour) for hit in hits}


def _explanation(words: Sequence[Word], hit: Mapping[str, Any], hour: datetime) -> Explanation:
    """Matches stand under the names of their clauses: place of the word, field, how."""
    score = float(hit.get("_score") or 0.0)
    popularity = min(hit["fields"]["popularity"][0] * POPULARITY, score)
    freshness = min(_freshness(hit["fields"].get("added"), hour), score - popularity)
    return Explanation(
        score=round(score, 4),
        text=round(score - popularity - freshness, 4),
        popularity=round(popularity, 4),
        freshness=round(freshness, 4),
        matched=_best_of_each(words, hit.get("matched_queries", ())),
    )


def _freshness(added: Sequence[str] | None, hour: datetime) -> float:
    """As the node's Gaussian: half at `FRESH_FOR`."""
    age = (hour - datetime.fromisoformat(added[0])) if added else timedelta()
    return FRESHNESS * float(0.5 ** ((age / FRESH_FOR) ** 2))


def _best_of_each(words: Sequence[Word], names: Sequence[str]) -> list[Match]:
    """Of each word and field the most exact way."""
    best: dict[tuple[int, str], str] = {}
    for name in names:
        at, field, how = name.split("/")
        place = int(at), field
        if place not in best or HOWS.index(how) < HOWS.index(best[place]):
            best[place] = how
    order = list(FIELDS)
    ordered = sorted(best.items(), key=lambda one: (one[0][0], order.index(one[0][1])))
    return [
        Match(words[at].text, cast(Any, FIELDS[field]), cast(How, how))
        for (at, field), how in ordered
    ]
