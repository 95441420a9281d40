"""Search: parts of words in scripts that put no spaces between them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# Hangul, kana, and the characters that Chinese, Japanese and Korean share.
CJK = (
    r"\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Of such letters each one, and each with the next: "abc" is a, ab, b, bc, c.
GRAMS = f"""
CREATE FUNCTION search_grams(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT array_agg(part ORDER BY place, start, length(part))
FROM regexp_matches(words, '[{CJK}]+|[^ {CJK}]+', 'g') WITH ORDINALITY AS run (found, place),
LATERAL (
    SELECT 1 AS start, left(found[1], 60) AS part WHERE found[1] !~ '^[{CJK}]'
    UNION ALL
    SELECT start, substr(found[1], start, size)
    FROM generate_series(1, length(found[1])) AS start, generate_series(1, 2) AS size
    WHERE found[1] ~ '^[{CJK}]' AND start + size <= length(found[1]) + 1
) AS parts
$$"""
SPLIT = f"""
CREATE OR REPLACE FUNCTION search_split(phrase text) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT CASE WHEN words ~ '[{CJK}]' THEN search_grams(words)
    ELSE string_to_array(trim(CASE WHEN length(words) <= 60 THEN words
        ELSE regexp_replace(words, '([^ ]{{60}})[^ ]+', '\\1', 'g') END), ' ') END
FROM regexp_replace(regexp_replace(translate(search_plain(phrase), '$''`', 's'),
    '(?<=[[:alnum:]])!(?=[[:alnum:]])', 'i', 'g'), '[^[:alnum:]]+', ' ', 'g') AS words
$$"""

# What becomes one of them in its plain form stands beside them.
ANY_FORM = CJK + r"\u3200-\u33ff\uff00-\uffef"
# No statement may take longer than the driver waits, so a large library is read in parts.
REFRESH_PART = sa.text(
    "WITH part AS (SELECT id FROM tracks WHERE id > CAST(:last AS uuid)"
    f" AND concat(title, artist, album) ~ '[{ANY_FORM}]' ORDER BY id LIMIT 2000)"
    " SELECT (SELECT id::text FROM part ORDER BY id DESC LIMIT 1),"
    " search_refresh(ARRAY(SELECT id FROM part))"
)


def upgrade() -> None:
    op.execute(GRAMS)
    op.execute(SPLIT)
    last: str | None = "00000000-0000-0000-0000-000000000000"
    while last:
        last = op.get_bind().execute(REFRESH_PART, {"last": last}).scalar()
