"""ID3v2 as it is out there, and as an attacker writes it."""

import struct
import zlib
from time import process_time

import pytest

from djamms.media.id3 import read_id3
from djamms.media.ranged import BytesSource, RangedReader
from djamms.media.tags import Field, Found
from tests.support import audio
from tests.support.pictures import cover

MEGABYTE = 1024 * 1024


def synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def tag(*frames: bytes, version: int = 3, flags: int = 0) -> bytes:
    body = b"".join(frames)
    return b"ID3" + bytes([version, 0, flags]) + synchsafe(len(body)) + body


def frame(name: bytes, data: bytes, flags: int = 0) -> bytes:
    return name + struct.pack(">IH", len(data), flags) + data


def new_frame(name: bytes, data: bytes, flags: int = 0) -> bytes:
    return name + synchsafe(len(data)) + struct.pack(">H", flags) + data


def read(data: bytes) -> Found:
    return read_id3(RangedReader(BytesSource(data)))


TITLE = b"\x03Sky"
LONG_TITLE = b"\x03" + b"Sky " * 50
APIC = b"\x03image/jpeg\0\x03\0"


@pytest.mark.parametrize(
    "data",
    [
        tag(frame(b"TIT2", TITLE)),
        tag(new_frame(b"TIT2", TITLE), version=4),
        b"ID3\x02\0\0" + synchsafe(10) + b"TT2\0\0\x04\0Sky",
        tag(frame(b"TIT2", struct.pack(">I", 4) + zlib.compress(TITLE), 0x80)),
        tag(new_frame(b"TIT2", bytes(4) + zlib.compress(TITLE), 0x09), version=4),
        tag(frame(b"TIT2", b"G" + TITLE, 0x20)),
        tag(new_frame(b"TIT2", b"G" + TITLE, 0x40), version=4),
        tag(new_frame(b"TIT2", synchsafe(4) + TITLE, 0x01), version=4),
        tag(b"\0\0\0\x06\0\0\0\0\0\0", frame(b"TIT2", TITLE), flags=0x40),
        tag(frame(b"TIT2", TITLE), flags=0x40),
        tag(frame(b"PRIV", b"x" * 100), frame(b"TIT2", TITLE), bytes(300)),
        tag(frame(b"TPE1", b"\x07bad"), frame(b"TIT2", TITLE)),
        tag() + tag(frame(b"TIT2", TITLE)),
    ],
    ids=[
        *("v2.3", "v2.4", "v2.2", "compressed", "compressed v2.4", "grouped", "grouped v2.4"),
        *("with length", "extended header", "announced only", "padded", "after a bad one"),
        "second tag",
    ],
)
def test_reads_a_title_however_it_is_packed(data: bytes) -> None:
    assert read(data + bytes(100)).fields[Field.TITLE] == ["Sky"]


def test_reads_the_sizes_that_itunes_wrote() -> None:
    long = b"TIT2" + len(LONG_TITLE).to_bytes(4) + b"\0\0" + LONG_TITLE

    found = read(tag(long, new_frame(b"TPE1", b"\x03Ada"), version=4))

    assert found.fields[Field.ARTIST] == ["Ada"]
    assert found.fields[Field.TITLE][0].startswith("Sky Sky")


def test_undoes_unsynchronisation() -> None:
    body = frame(b"TIT2", b"\x01\xff\xfeS\0k\0y\0").replace(b"\xff", b"\xff\0")
    # The size is that of the frame without the bytes that were put in.
    data = b"ID3\x03\0\x80" + synchsafe(len(body)) + body

    assert read(data).fields[Field.TITLE] == ["Sky"]


@pytest.mark.parametrize("name", [b"TIT2", b"COMM", b"APIC"])
@pytest.mark.parametrize("version", [3, 4])
def test_a_compressed_frame_cannot_explode(name: bytes, version: int) -> None:
    packed = bytes(4) + zlib.compress(bytes(300 * MEGABYTE), 9)
    bomb = frame(name, packed, 0x80) if version == 3 else new_frame(name, packed, 0x09)

    found = read(tag(bomb, new_frame(b"TPE1", b"\x03Ada"), version=version))

    assert found.fields[Field.ARTIST] == ["Ada"]
    assert found.warnings == ("tags_too_large",)


@pytest.mark.parametrize(
    "frames",
    [
        [frame(b"TIT2", b"\x03" + bytes(60_000))] * 60,
        [frame(b"TIT2", b"\x01\xff\xfe" + b"a\0\0\0" * 15_000)] * 60,
        [frame(b"TXXX", b"\x03x\0" + b"ab\0" * 20_000)] * 60,
        [frame(b"TIT2", b"\x03x")] * 200_000,
        [frame(b"TIT2", b"\x03" + "a\u0f71\u0f74\u0345".encode() * 7000)] * 60,
        [frame(b"CHAP", bytes(50_000))] * 60,
    ],
    ids=["NULs", "UTF-16 NULs", "values", "frames", "combining", "chapters"],
)
def test_no_tag_takes_long(frames: list[bytes]) -> None:
    began = process_time()

    read(tag(*frames))

    assert process_time() - began < 2


def test_a_front_cover_of_megabytes_is_read() -> None:
    picture = cover() + bytes(5 * MEGABYTE)

    found = read(tag(frame(b"APIC", APIC + picture), frame(b"TIT2", TITLE)))

    assert [kept.data for kept in found.pictures] == [picture]


def test_covers_without_end_leave_room_for_the_sound() -> None:
    covers = [frame(b"APIC", APIC[:-1] + bytes([n, 0]) + bytes(5 * MEGABYTE)) for n in range(5)]
    data = tag(*covers, frame(b"TIT2", TITLE)) + audio.mp3(seconds=1)
    reader = RangedReader(BytesSource(data))

    found = read_id3(reader)

    assert (len(found.pictures), found.fields[Field.TITLE]) == (1, ["Sky"])
    assert found.warnings == ("tags_too_large",)
    assert reader.remaining_bytes > MEGABYTE
