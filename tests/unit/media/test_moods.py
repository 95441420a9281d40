"""Moods become tags: of every tag format that has a name for them."""

import pytest

from djamms.media import apev2, id3, mp4_tags, vorbis
from djamms.media.tags import Field, Found, build_tags


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (id3.FIELDS, "TMOO"),
        (id3.FIELDS, "TXXX:MOOD"),
        (vorbis.FIELDS, "mood"),
        (apev2.FIELDS, "mood"),
        (mp4_tags.FREEFORM_FIELDS, "mood"),
    ],
)
def test_every_format_names_them(fields: dict[str, Field], name: str) -> None:
    assert fields[name] == Field.MOOD


def test_are_parted_and_kept_once_each() -> None:
    said = ["Happy; calm", "CALM, Late  night", "!!", "a" * 51]

    tags = build_tags(Found(fields={Field.MOOD: said}), "a.mp3")

    assert tags.moods == ("Happy", "calm", "Late night")
