import json

import pytest

from djamms.media.probe import Probe, best_covers, probe
from djamms.media.ranged import BytesSource, RangedReader
from djamms.media.tags import Field, Found, Picture, TrackTags, build_tags
from tests.support import audio
from tests.support.pictures import cover

ID3_TAGS: audio.Tags = {
    "TIT2": "Blå tåg",
    "TPE1": ["Ada", "Grace"],
    "TALB": "Rails",
    "TPE2": "Various",
    "TCON": ["hip-hop", "Jazz"],
    "TDRC": "2019-05-01",
    "TRCK": "3/12",
    "TPOS": "1/2",
    "TSRC": "us-s1z-99-00001",
    "TCOM": "Clara",
    "TPUB": "Night Records",
    "TBPM": "128",
    "TKEY": "Am",
    "TXXX:ITUNESADVISORY": "1",
    "TXXX:mood": "blue",
}
VORBIS_TAGS: audio.Tags = {
    "TITLE": "Blå tåg",
    "Artist": ["Ada", "Grace"],
    "album": "Rails",
    "albumartist": "Various",
    "genre": ["hip-hop", "Jazz"],
    "date": "2019-05-01",
    "tracknumber": "3",
    "tracktotal": "12",
    "discnumber": "1/2",
    "isrc": "USS1Z9900001",
    "composer": "Clara",
    "organization": "Night Records",
    "bpm": "128",
    "initialkey": "Am",
    "itunesadvisory": "1",
    "mood": "blue",
}
FREE = "----:com.apple.iTunes:"
MP4_TAGS = {
    "\xa9nam": "Blå tåg",
    "\xa9ART": ["Ada", "Grace"],
    "\xa9alb": "Rails",
    "aART": "Various",
    "\xa9gen": ["hip-hop", "Jazz"],
    "\xa9day": "2019-05-01",
    "trkn": [(3, 12)],
    "disk": [(1, 2)],
    f"{FREE}ISRC": b"USS1Z9900001",
    "\xa9wrt": "Clara",
    f"{FREE}LABEL": b"Night Records",
    "tmpo": [128],
    f"{FREE}initialkey": b"Am",
    "rtng": [1],
    f"{FREE}mood": b"blue",
}
APE_TAGS: audio.Tags = {
    "Title": "Blå tåg",
    "Artist": ["Ada", "Grace"],
    "Album": "Rails",
    "Album Artist": "Various",
    "Genre": ["hip-hop", "Jazz"],
    "Year": "2019",
    "Track": "3/12",
    "Disc": "1/2",
    "ISRC": "USS1Z9900001",
    "Composer": "Clara",
    "Label": "Night Records",
    "BPM": "128",
    "Key": "Am",
    "ITUNESADVISORY": "1",
    "mood": "blue",
}
EXPECTED = TrackTags(
    title="Blå tåg",
    artist="Ada, Grace",
    artists=("Ada", "Grace"),
    album="Rails",
    album_artist="Various",
    genre="Hip Hop",
    genres=("Hip Hop", "Jazz"),
    year=2019,
    track_number=3,
    track_total=12,
    disc_number=1,
    disc_total=2,
    isrc="USS1Z9900001",
    composer="Clara",
    label="Night Records",
    explicit=True,
    bpm=128.0,
    key="Am",
    moods=("blue",),
)


def read(data: bytes, filename: str = "x.bin") -> Probe:
    return probe(RangedReader(BytesSource(data)), filename=filename)


def without_raw(tags: TrackTags) -> TrackTags:
    return TrackTags(**{name: getattr(tags, name) for name in EXPECTED.__slots__ if name != "raw"})


def built(filename: str = "file.mp3", **fields: list[str]) -> TrackTags:
    return build_tags(Found({Field(name): value for name, value in fields.items()}), filename)


@pytest.mark.parametrize(
    "data",
    [
        audio.mp3(ID3_TAGS, seconds=1),
        audio.mp3(ID3_TAGS, seconds=1, encoding=1),
        audio.make_flac(VORBIS_TAGS, seconds=1),
        audio.ogg(VORBIS_TAGS, seconds=1),
        audio.ogg(VORBIS_TAGS, codec="libopus", seconds=1),
        audio.ogg(VORBIS_TAGS, codec="flac", seconds=1),
        audio.m4a(MP4_TAGS, seconds=1),
        audio.m4a(MP4_TAGS, seconds=1, moov_first=True),
        audio.m4a(MP4_TAGS, seconds=1, codec="alac"),
        audio.adts(ID3_TAGS, seconds=1),
        audio.wav(ID3_TAGS, seconds=1),
        audio.tag_ape(audio.mp3(seconds=1), APE_TAGS),
        audio.tag_ape(audio.mp3(ID3_TAGS, seconds=1), {"Title": "Wrong", "Artist": "Wrong"}),
    ],
    ids=[
        *("id3v2.4", "id3v2.4 in utf-16", "flac", "vorbis", "opus", "flac in ogg", "m4a"),
        *("m4a, index first", "alac", "adts", "wav", "apev2 only", "id3 before apev2"),
    ],
)
def test_every_format_gives_the_same_tags(data: bytes) -> None:
    assert without_raw(read(data).tags) == EXPECTED


def test_reads_id3v2_3() -> None:
    tags = read(audio.mp3({"TIT2": "Sky", "TPE1": "AC/DC", "TDRC": "1980"}, version=3)).tags

    assert (tags.title, tags.artist, tags.artists, tags.year) == ("Sky", "AC/DC", ("AC/DC",), 1980)


def test_reads_id3v1() -> None:
    data = audio.mp3({"TIT2": "Sky", "TPE1": "Ada", "TCON": "17"}, v1_only=True)

    tags = read(data).tags

    assert (tags.title, tags.artist, tags.genre) == ("Sky", "Ada", "Rock")


def test_raw_keeps_what_has_no_field() -> None:
    assert read(audio.mp3(ID3_TAGS, seconds=1)).tags.raw["TXXX:mood"] == ["blue"]
    assert read(audio.make_flac(VORBIS_TAGS, seconds=1)).tags.raw["mood"] == ["blue"]
    assert read(audio.m4a(MP4_TAGS, seconds=1)).tags.raw[f"{FREE}mood"] == ["blue"]
    ape = audio.tag_ape(audio.mp3(seconds=1), APE_TAGS)
    assert read(ape).tags.raw["APE:mood"] == ["blue"]


def test_the_short_tag_at_the_end_only_fills_gaps() -> None:
    old = audio.mp3({"TIT2": "A long title that is c", "TPE1": "Ada"}, v1_only=True)[-128:]
    tagged = audio.tag_ape(audio.mp3(seconds=1), {"Title": "A long title that is cut"}) + old

    tags = read(tagged).tags

    assert (tags.title, tags.artist) == ("A long title that is cut", "Ada")


def test_a_code_page_is_repaired_and_the_original_kept() -> None:
    broken = "Земфира".encode("cp1251").decode("latin-1")

    tags = read(audio.mp3({"TPE1": broken}, seconds=1, encoding=0)).tags

    assert (tags.artist, tags.raw["TPE1"]) == ("Земфира", [broken])


def test_the_front_cover_is_chosen() -> None:
    front, other = cover(hue=0.1), cover(hue=0.9)
    data = audio.mp3({"TIT2": "x"}, seconds=1, pictures=[front, other])

    assert [picture.data for picture in read(data).covers] == [front, other]


def test_an_icon_is_the_last_choice() -> None:
    icon, back, front = Picture(b"icon", 1), Picture(b"back", 4), Picture(b"front", 3)

    assert best_covers([icon, back, Picture(b"", 3), front]) == (front, back, icon)


def test_a_tag_beyond_the_budget_is_read_without_its_pictures() -> None:
    data = audio.mp3({"TIT2": "Sky"}, seconds=1, pictures=[bytes(9_000_000)])
    reader = RangedReader(BytesSource(data))

    probed = probe(reader, filename="x.mp3")

    assert (probed.tags.title, probed.covers) == ("Sky", ())
    assert probed.warnings == ("tags_too_large",)
    assert reader.bytes_read < 1_000_000


def test_nameless_files_are_named_by_their_file() -> None:
    tags = built("03 - Ada - Blue Train.flac")

    assert (tags.title, tags.artist) == ("Blue Train", "Ada")


def test_an_unknown_artist_has_a_name() -> None:
    assert built(title=["Sky"]).artist == "Unknown Artist"
    assert built(title=["Sky"], album_artist=["Ada"]).artist == "Ada"


def test_long_text_is_cut_and_kept_whole_in_raw() -> None:
    long = "la " * 5000
    found = Found({Field.TITLE: [long]}, raw={"TIT2": [long]})

    tags = build_tags(found, "x.mp3")

    assert len(tags.title) <= 255
    assert tags.raw["TIT2"] == [long]


LONG = "日" * 200_000 + "x"


@pytest.mark.parametrize(
    "data",
    [
        *(audio.mp3({"TIT2": LONG}, seconds=1, encoding=encoding) for encoding in (1, 2, 3)),
        audio.make_flac({"TITLE": LONG}, seconds=1),
        audio.m4a({"\xa9nam": LONG}, seconds=1),
        audio.tag_ape(audio.mp3(seconds=1), {"Title": LONG}),
    ],
    ids=["UTF-16", "UTF-16 without BOM", "UTF-8", "FLAC", "M4A", "APE"],
)
def test_a_title_of_any_length_is_cut_and_never_replaced(data: bytes) -> None:
    assert read(data).tags.title == "日" * 254 + "…"


@pytest.mark.parametrize(
    ("text", "bpm"),
    [
        ("128", 128.0),
        ("127,98", 127.98),
        ("093.5000", 93.5),
        ("128 BPM", 128.0),
        *((text, None) for text in ("1e9", "0", "1234", "10:30", "-5", "128/4", "", "fast")),
    ],
)
def test_tempo(text: str, bpm: float | None) -> None:
    assert built(bpm=[text]).bpm == bpm


def test_raw_is_bounded_and_safe_to_store() -> None:
    found = Found(raw={f"k{n}\0": ["\0\ud800 x" * 9000] for n in range(50)})

    text = json.dumps(build_tags(found, "x.mp3").raw, ensure_ascii=False)

    assert len(text.encode()) < 400_000
    assert "\\u0000" not in text


@pytest.mark.parametrize(
    ("dates", "year"),
    [
        (["2019-05-01"], 2019),
        (["01.05.2019"], 2019),
        (["", "(P) 1977 X"], 1977),
        (["0000"], None),
        (["20190501"], 2019),
        (["20191345"], None),
        (["soon"], None),
    ],
)
def test_year(dates: list[str], year: int | None) -> None:
    assert built(date=dates).year == year


@pytest.mark.parametrize(
    ("value", "number", "total"),
    [
        ("3/12", 3, 12),
        ("03", 3, None),
        ("A3", None, None),
        ("0", None, None),
        ("99999", None, None),
    ],
)
def test_track_number(value: str, number: int | None, total: int | None) -> None:
    tags = built(track=[value])

    assert (tags.track_number, tags.track_total) == (number, total)


@pytest.mark.parametrize("value", ["", "hello", "USS1Z99000012", "1234567890AB"])
def test_a_wrong_isrc_is_none(value: str) -> None:
    assert built(isrc=[value]).isrc is None


@pytest.mark.parametrize(
    ("values", "explicit"), [(["1"], True), (["4"], True), (["2"], False), ([], None)]
)
def test_advisory(values: list[str], explicit: bool | None) -> None:
    assert built(advisory=values).explicit is explicit


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("Am", "Am"),
        ("A minor", "Am"),
        ("c# min", "C#m"),
        ("F♯m", "F#m"),
        ("Eb", "Eb"),
        ("Bbmaj", "Bb"),
        ("CM", "C"),
        ("08a", "8A"),
        ("1m", "1m"),
        ("o", "o"),
        ("somewhere in the middle", None),
    ],
)
def test_musical_key(value: str, key: str | None) -> None:
    assert built(key=[value]).key == key


def test_genres_in_one_text_are_parted() -> None:
    assert built(genre=["rock; hip-hop", "Rock"]).genres == ("Rock", "Hip Hop")
