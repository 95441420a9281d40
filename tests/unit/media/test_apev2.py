import pytest

from djamms.media.apev2 import read_ape
from djamms.media.ranged import BytesSource, RangedReader
from djamms.media.tags import Field, Found
from tests.support import audio
from tests.support.pictures import cover

SOUND = audio.mp3(seconds=1)


def read(data: bytes) -> Found:
    return read_ape(RangedReader(BytesSource(data)), len(data))


def test_reads_texts_and_the_cover() -> None:
    found = read(audio.tag_ape(SOUND, {"Title": "Sky", "Artist": ["Ada", "Bo"]}, front=cover()))

    assert found.fields == {Field.TITLE: ["Sky"], Field.ARTIST: ["Ada", "Bo"]}
    assert [(picture.data, picture.kind) for picture in found.pictures] == [(cover(), 3)]


def test_text_of_another_code_page_is_not_lost() -> None:
    tagged = audio.tag_ape(SOUND, {"Title": "xxxxxx"})

    found = read(tagged.replace(b"xxxxxx", "Музыка".encode("cp1251")))

    assert found.fields[Field.TITLE] == ["Ìóçûêà"]


def test_items_before_the_damage_count() -> None:
    tagged = audio.tag_ape(SOUND, {"Title": "Sky", "Artist": "Ada Ada"})
    at = tagged.index(b"Artist\0") - 8

    found = read(tagged[:at] + b"\xff" * 4 + tagged[at + 4 :])

    assert found.fields == {Field.TITLE: ["Sky"]}


@pytest.mark.parametrize("size", [0, 31, 10**9, 0xFFFF_FFFF])
def test_a_size_that_lies_is_no_tag(size: int) -> None:
    footer = b"APETAGEX" + (2000).to_bytes(4, "little") + size.to_bytes(4, "little")

    assert read(SOUND + footer + b"\1" + bytes(15)).fields == {}
