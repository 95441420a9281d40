"""How many of the matches have which genre, artist, …: parts of the statement that finds them."""

from collections.abc import Collection

COUNTED_COLUMNS = (
    "track_id, popularity, genre, year, duration_seconds, bitrate_kbps, artist, tags,"
    " musical_key, bpm"
)
# So many values of each facet at most.
FACET_VALUES = 20
# {0}: where the facet's tracks are. A bitrate is one of at least so much, as the filter's words.
FACETS = {
    "genre": "SELECT 'genre' AS kind, CAST(genre AS text) AS value, count(*) AS tracks"
    " FROM {0} GROUP BY genre",
    "artist": "SELECT 'artist', (SELECT tracks.artist FROM tracks WHERE id = one), tracks FROM ("
    "SELECT (array_agg(track_id))[1] AS one, count(*) AS tracks FROM {0} GROUP BY artist"
    " ORDER BY tracks DESC, artist LIMIT 20) AS artists",
    "year": "SELECT 'year', year / 10 * 10 || 's', count(*) FROM {0} GROUP BY year / 10",
    "duration": "SELECT 'duration', length, count(*) FROM ("
    "SELECT CASE WHEN duration_seconds < 180 THEN 'short'"
    " WHEN duration_seconds <= 300 THEN 'medium' ELSE 'long' END AS length FROM {0}"
    ") AS lengths GROUP BY length",
    "bitrate": "SELECT 'bitrate', CAST(step AS text), count(*)"
    " FROM {0}, (VALUES (128), (192), (256), (320)) AS steps (step)"
    " WHERE bitrate_kbps >= step GROUP BY step",
    "key": "SELECT 'key', CAST(musical_key AS text), count(*) FROM {0} GROUP BY musical_key",
    "bpm": "SELECT 'bpm', (bpm / 10 * 10) || '-' || (bpm / 10 * 10 + 9), count(*)"
    " FROM {0} GROUP BY bpm / 10",
    "tags": "SELECT 'tags', tag, count(*)"
    " FROM {0}, unnest(coalesce(tags, ARRAY[CAST(genre AS text)])) AS tag GROUP BY tag",
}
LOOK = """
others_{facet} AS MATERIALIZED (
    SELECT document.* FROM asked,
    unnest(queries_{facet}) WITH ORDINALITY AS turn (query, number), LATERAL (
        SELECT {columns} FROM search_documents WHERE {conditions}
        AND (number = 1 OR NOT words @@ queries_{facet}[1])
        AND (recheck_{facet} IS NULL OR words @@ recheck_{facet})
        OFFSET 0
    ) AS document LIMIT :block
),
"""


def asked_for(facet: str) -> str:
    return (
        f", CAST(:queries_{facet} AS tsquery[]) AS queries_{facet}"
        f", CAST(:recheck_{facet} AS tsquery) AS recheck_{facet}"
    )


def look_for(facet: str, conditions: str) -> str:
    """What would be found without the facet's own filter, the best of it."""
    return LOOK.format(facet=facet, conditions=conditions, columns=COUNTED_COLUMNS)


def count_facets(others: Collection[str]) -> str:
    """`others`: facets that have a look of their own."""
    counts = (
        part.format(f"others_{facet}" if facet in others else "best")
        for facet, part in FACETS.items()
    )
    return f"counted AS ({' UNION ALL '.join(counts)})"
