"""Ways to damage a file. The same dice give the same bytes."""

import random
import zlib
from collections.abc import Callable

from tests.fuzz.seeds import seeds
from tests.fuzz.structure import Part, parts
from tests.support.containers import with_checksum

type Mutation = Callable[[bytearray, random.Random], None]

EXTREMES = (
    b"\xff\xff\xff\xff",
    b"\x7f\x7f\x7f\x7f",
    b"\x80\0\0\0",
    bytes(4),
    b"\0\0\0\1",
    b"\0\0\0\7",
)
# Text that breaks what is careless: NUL, a lone surrogate, half of a sequence, right-to-left.
EVIL_TEXT = (
    b"\0",
    b"\xed\xa0\x80",
    b"\xc3",
    b"\xff\xfe\0\xd8",
    "\u202e\ufeff".encode(),
    b"\x92\x93",
)
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"iVBORw0", b"/9j/")


def scatter(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randrange(1, 30)):
        data[dice.randrange(min(len(data), 3000))] = dice.randrange(256)


def scatter_anywhere(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randrange(1, 60)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def scatter_tail(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randrange(1, 20)):
        data[-1 - dice.randrange(min(len(data), 400))] = dice.randrange(256)


def truncate(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def remove(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    del data[start : start + dice.randrange(5000)]


def insert(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    data[at:at] = dice.randbytes(dice.randrange(3000))


def exaggerate(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(min(len(data), 1000))
    data[at : at + 4] = dice.choice(EXTREMES)


def flood(data: bytearray, dice: random.Random) -> None:
    """A stretch of one byte, of any length."""
    at = dice.randrange(min(len(data), 4000))
    length = dice.choice((3, 50, 4000, 200_000))
    data[at : at + length] = bytes([dice.choice((0, 0xFF, 0x20))]) * length


def poison(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randrange(1, 5)):
        at = dice.randrange(min(len(data), 2000))
        evil = dice.choice(EVIL_TEXT)
        data[at : at + len(evil)] = evil


def spoil_picture(data: bytearray, dice: random.Random) -> None:
    at = max(data.find(magic) for magic in PICTURES)
    for _ in range(dice.randrange(1, 40)):
        data[min(len(data) - 1, max(0, at) + dice.randrange(900))] = dice.randrange(256)


def splice(data: bytearray, dice: random.Random) -> None:
    """The head of one file, the tail of another."""
    other = dice.choice(list(seeds().values()))
    data[dice.randrange(len(data)) :] = other[dice.randrange(len(other)) :]


def prepend(data: bytearray, dice: random.Random) -> None:
    other = dice.choice(list(seeds().values()))
    data[:0] = dice.choice((other[: dice.randrange(3000)], bytes(dice.randrange(20_000))))


def any_part(data: bytearray, dice: random.Random) -> Part | None:
    found = parts(bytes(data))
    return dice.choice(found) if found else None


def lie(data: bytearray, dice: random.Random) -> None:
    """Other lengths than those that are there, a little or wildly."""
    for _ in range(dice.randrange(1, 4)):
        if part := any_part(data, dice):
            field = slice(part.length_at, part.length_at + part.length_bytes)
            true = int.from_bytes(data[field], part.byte_order)
            most = (1 << 8 * part.length_bytes) - 1
            wrong = dice.choice(
                (
                    0,
                    1,
                    7,
                    8,
                    16,
                    most,
                    most // 2,
                    true + 1,
                    true - 1,
                    true * 2,
                    dice.randrange(most),
                )
            )
            data[field] = (wrong & most).to_bytes(part.length_bytes, part.byte_order)


def repeat(data: bytearray, dice: random.Random) -> None:
    if part := any_part(data, dice):
        piece = bytes(data[part.start : part.end])[:4096]
        data[part.end : part.end] = piece * dice.choice((1, 2, 40, 500))


def drop(data: bytearray, dice: random.Random) -> None:
    if part := any_part(data, dice):
        del data[part.start : part.end]


def swap(data: bytearray, dice: random.Random) -> None:
    one, two = any_part(data, dice), any_part(data, dice)
    if one and two and one.end <= two.start:
        first, second = data[one.start : one.end], data[two.start : two.end]
        data[two.start : two.end] = first
        data[one.start : one.end] = second


def nest(data: bytearray, dice: random.Random) -> None:
    """Atoms in atoms in atoms."""
    if part := any_part(data, dice):
        inner = bytes(data[part.start : part.end])
        name = inner[4:8]
        for _ in range(dice.choice((3, 300, 3000))):
            inner = (len(inner) + 8).to_bytes(4) + name + inner[: 100_000 - 8]
        data[part.start : part.end] = inner


def reflag(data: bytearray, dice: random.Random) -> None:
    """Other types and flags, the lengths left as they are."""
    if part := any_part(data, dice):
        for _ in range(dice.randrange(1, 6)):
            at = part.start + dice.randrange(min(24, max(1, part.end - part.start)))
            if not part.length_at <= at < part.length_at + part.length_bytes:
                data[min(at, len(data) - 1)] ^= 1 << dice.randrange(8)


def explode(data: bytearray, dice: random.Random) -> None:
    """Compressed ID3 frames of many megabytes before the file."""
    packed = zlib.compress(dice.choice((b"A", b"\0")) * dice.choice((10**4, 10**6, 3 * 10**7)), 9)
    version = dice.choice((3, 4))
    flags = b"\0\x80" if version == 3 else b"\0\x09"
    body = bytes(4) + packed
    size = (
        len(body).to_bytes(4)
        if version == 3
        else bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    )
    frame = dice.choice((b"TIT2", b"APIC", b"COMM")) + size + flags + body
    frames = frame * dice.choice((1, 5))
    length = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    data[:0] = b"ID3" + bytes([version, 0, 0]) + length + frames


def crowd(data: bytearray, dice: random.Random) -> None:
    """ID3 frames by the thousand, or one with values by the thousand."""
    count = dice.choice((100, 3000, 50_000))
    one = b"TIT2" + (3).to_bytes(4) + b"\0\0\0ab"
    full = b"TPE1" + (count + 1).to_bytes(4) + b"\0\0\3" + b"\0" * count
    frames = dice.choice((one * count, full))
    length = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    data[:0] = b"ID3\3\0\0" + length + frames


def checked(data: bytearray, dice: random.Random) -> None:
    """Other fields in the heads of Ogg pages, with checksums that are right."""
    pages = [part for part in parts(bytes(data)) if data[part.start : part.start + 4] == b"OggS"]
    for page in dice.sample(pages, min(len(pages), 3)):
        at = page.start + dice.choice((5, 6, 10, 13, 14, 18))
        data[at] = dice.choice((0, 1, 2, 0x7F, 0xFF))
        data[page.start : page.end] = with_checksum(bytes(data[page.start : page.end]))


MUTATIONS: tuple[Mutation, ...] = (
    scatter,
    scatter_anywhere,
    scatter_tail,
    truncate,
    remove,
    insert,
    exaggerate,
    flood,
    poison,
    spoil_picture,
    splice,
    prepend,
    lie,
    lie,
    repeat,
    drop,
    swap,
    nest,
    reflag,
    explode,
    crowd,
    checked,
)


def mutated(data: bytes, dice: random.Random) -> tuple[bytes, str]:
    """The file after one to three mutations, and which."""
    damaged, names = bytearray(data), []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        mutation = dice.choice(MUTATIONS)
        names.append(mutation.__name__)
        if damaged:
            mutation(damaged, dice)
    return bytes(damaged), "+".join(names)
