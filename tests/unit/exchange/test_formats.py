"""What other programs write, by their documented formats."""

import csv
import io
import json

import pytest

from djamms.errors import Unprocessable
from djamms.exchange.files import format_of, read, write
from djamms.exchange.formats.source import MAX_ROWS, MAX_TEXT, SourceList, SourceRow, modest
from djamms.exchange.kinds import Format

VLC = """#EXTM3U
#EXTINF:263,Marlow & Vane - Night Ferry
file:///home/ann/Music/Marlow%20%26%20Vane/Crossings/01%20Night%20Ferry.flac
#EXTINF:-1,Radio Meridian
http://user:secret@radio.example/stream.mp3?token=abc
"""
FOOBAR2000 = "\ufeff#\r\nD:\\Music\\Ines Calder - Tidal\\03. Ines Calder - Undertow.mp3\r\n"
REKORDBOX = """#EXTM3U
#EXTINF:377,Kobalt Drift - Parallax
/Users/ann/Music/Kobalt Drift/Meridian/02 Parallax.aiff
"""
TRAKTOR = "#EXTM3U\r#EXTINF:402,Kobalt Drift - Meridian (Original Mix)\rC:\\Sets\\meridian.wav\r"
WINAMP = "#EXTM3U\r\n#EXTINF:207,Lotte Brandt - F\u00fcr immer Sommer\r\nMusik\\sommer.mp3\r\n"
EXTENDED = """#EXTM3U
#EXTENC:UTF-8
#PLAYLIST:Late Evening
#EXTINF:229 tvg-name="a,b",Sigur - Ros - Hum
#EXTART:Sigur - Ros
#EXTALB:Hum
hum.ogg
"""
CLEMENTINE = """<?xml version="1.0" encoding="UTF-8"?>
<playlist version="1" xmlns="http://xspf.org/ns/0/">
  <title>Sail</title>
  <trackList>
    <track>
      <location>../Music/01%20Night%20Ferry.flac</location>
      <title>Night Ferry</title><creator>Marlow &amp; Vane</creator>
      <album>Crossings</album><duration>263040</duration><trackNum>1</trackNum>
      <image>file:///tmp/cover.jpg</image>
    </track>
  </trackList>
</playlist>"""
EXPORTIFY = (
    '"Track URI","Track Name","Album Name","Artist Name(s)","Release Date","Duration (ms)",'
    '"Popularity","Explicit","Added By","Added At","Genres","Record Label","Danceability"\n'
    '"spotify:track:4uLU6hMCjMI75M1A2tKUQC","Night Ferry","Crossings","Marlow,Vane","2009-04-01",'
    '"263040","41","false","ann","2026-01-01T00:00:00Z","folk","Quay","0.4"\n'
)
TUNE_MY_MUSIC = (
    "Track name,Artist name,Album,Playlist name,Type,ISRC,Spotify - id\n"
    "Night Ferry,Marlow & Vane,Crossings,Sail,Playlist,USABC0900201,4uLU6hMC\n"
)
SOUNDIIZ = 'title;artist;album;isrc\n"Night Ferry";"Marlow & Vane";"Crossings";"USABC0900201"\n'
APPLE_MUSIC = (
    "Name\tArtist\tComposer\tAlbum\tGenre\tSize\tTime\tYear\n"
    "Night Ferry\tMarlow & Vane\t\tCrossings\tFolk\t9000000\t263\t2009\n"
)
FERRY = ("Night Ferry", "Marlow & Vane", 263)


def found(text: str | bytes, filename: str = "", format_: Format | None = None) -> SourceList:
    data = text if isinstance(text, bytes) else text.encode()
    return read(data, filename=filename, format_=format_)[1]


def plain(row: SourceRow) -> tuple[str, str, int | None]:
    return row.title, row.artist, row.seconds


@pytest.mark.parametrize(
    ("data", "filename", "expected"),
    [
        (VLC, "a.m3u8", FERRY),
        (FOOBAR2000, "a.m3u8", ("Undertow", "Ines Calder", None)),
        (REKORDBOX, "a.m3u8", ("Parallax", "Kobalt Drift", 377)),
        (TRAKTOR, "a.m3u", ("Meridian (Original Mix)", "Kobalt Drift", 402)),
        (WINAMP.encode("cp1252"), "a.m3u", ("F\u00fcr immer Sommer", "Lotte Brandt", 207)),
        (EXTENDED, "a.m3u8", ("Hum", "Sigur - Ros", 229)),
        (CLEMENTINE, "a.xspf", FERRY),
        (EXPORTIFY, "a.csv", ("Night Ferry", "Marlow,Vane", 263)),
        (TUNE_MY_MUSIC, "a.csv", ("Night Ferry", "Marlow & Vane", None)),
        (SOUNDIIZ, "a.csv", ("Night Ferry", "Marlow & Vane", None)),
        (APPLE_MUSIC.encode("utf-16"), "a.txt", FERRY),
        ("Title,Artist,Duration\nNight Ferry,Marlow & Vane,4:23\n", "a.csv", FERRY),
    ],
    ids=[
        *("vlc", "foobar2000", "rekordbox", "traktor", "winamp", "extended", "clementine"),
        *("exportify", "tunemymusic", "soundiiz", "apple", "typed"),
    ],
)
def test_reads_what_other_programs_write(
    data: str | bytes, filename: str, expected: tuple[str, str, int | None]
) -> None:
    assert plain(found(data, filename).rows[0]) == expected


def test_keeps_what_a_file_calls_its_playlist() -> None:
    assert found(EXTENDED).name == "Late Evening"
    assert found(EXTENDED).rows[0].album == "Hum"
    assert found(CLEMENTINE).name == found(TUNE_MY_MUSIC).name == "Sail"
    assert found("a.mp3", "C:\\Lists\\Dinner.m3u").name == "Dinner"


def test_codes_and_addresses_are_kept() -> None:
    assert found(SOUNDIIZ).rows[0].isrc == "USABC0900201"
    assert found(EXPORTIFY).rows[0].location == "spotify:track:4uLU6hMCjMI75M1A2tKUQC"


@pytest.mark.parametrize(
    ("location", "kept"),
    [
        ("../../../../etc/passwd", "etc/passwd"),
        ("/home/ann/Private/Music/A/B/c.mp3", "B/c.mp3"),
        ("C:\\Users\\ann\\Music\\c.mp3", "Music/c.mp3"),
        ("file:///home/ann/Music/B/c%20d.mp3", "B/c d.mp3"),
        ("https://ann:pw@host.example/a/b.mp3?key=1#x", "https://host.example/a/b.mp3"),
        ("spotify:track:4uLU6hMC", "spotify:track:4uLU6hMC"),
        ("http://[broken", ""),
        ("foo:user:pw@host/x?token=zz", "host/x"),
        ("http:\\\\user:pw@host\\x?token=abc", "http://host/x"),
        ("HTTP://user:p/w@host/a/x.mp3", "a/x.mp3"),
        (
            "https://host.example:8443/s/a/b/c.mp3#access_token=1",
            "https://host.example:8443/b/c.mp3",
        ),
        ("http://[::1]:80/c.mp3", "http://[::1]:80/c.mp3"),
        ("/x.mp3?token=abc", "x.mp3"),
        ("x.mp3?token=a@b/c", "x.mp3"),
        ("C:\\Users\\jane.doe\\song.mp3", "song.mp3"),
        ("C:\\Users\\jane.doe\\Music\\song.mp3", "Music/song.mp3"),
        ("/home/jane/song.mp3", "song.mp3"),
        ("file:///Users/jane%20doe/song.mp3%3Ftoken=1", "song.mp3"),
    ],
)
def test_locations_say_no_more_than_they_must(location: str, kept: str) -> None:
    assert modest(location) == kept


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (CLEMENTINE, Format.XSPF),
        ("\ufeff" + CLEMENTINE, Format.XSPF),
        ('{"tracks": []}', Format.JSON),
        (TUNE_MY_MUSIC, Format.CSV),
        (SOUNDIIZ, Format.CSV),
        (VLC, Format.M3U8),
        ("Music/a, b.mp3\n", Format.M3U8),
    ],
)
def test_tells_the_format_by_the_beginning(data: str, expected: Format) -> None:
    assert format_of(data.encode(), "") == expected


BOMB = """<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<playlist version="1"><trackList><track><title>&b;</title></track></trackList></playlist>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<playlist><trackList><track><title>&a;</title></track></trackList></playlist>"""


@pytest.mark.parametrize(
    ("data", "format_"),
    [
        (BOMB, Format.XSPF),
        (OUTSIDE, Format.XSPF),
        ("<playlist><trackList>", Format.XSPF),
        ("<html></html>", Format.XSPF),
        ("<playlist>" + "<a>" * 5000, Format.XSPF),
        ('<?xml version="1.0" encoding="klingon"?><playlist/>', Format.XSPF),
        ("[" * 100_000, Format.JSON),
        ('{"tracks": 7}', Format.JSON),
        ('{"format": "djamms-playlist", "version": 2, "tracks": [{"title": "a"}]}', Format.JSON),
        (b"\xff\xfe{", Format.JSON),
        ("9" * 6000, Format.JSON),
        ("a,b\n1,2\n", Format.CSV),
        ("", Format.CSV),
        ("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nseg1.ts\n", Format.M3U8),
        (b"\x00\x01\x02" * 9, Format.CSV),
        ("title\n" + "a\n" * (MAX_ROWS + 1), Format.CSV),
        (json.dumps([{"title": "a"}] * (MAX_ROWS + 1)), Format.JSON),
        ("title" + "," * 200 + "\na\n", Format.CSV),
    ],
)
def test_refuses_what_is_broken_or_hostile(data: str | bytes, format_: Format) -> None:
    with pytest.raises(Unprocessable):
        found(data, format_=format_)


@pytest.mark.parametrize("format_", [Format.M3U8, Format.CSV, Format.JSON])
def test_a_line_of_a_megabyte_is_cut(format_: Format) -> None:
    long = "x" * 1_000_000
    text = {
        Format.M3U8: f"#EXTINF:1,{long} - {long}\n{long}\n",
        Format.CSV: f"title,artist\n{long},{long}\n",
        Format.JSON: json.dumps([{"title": long, "artist": [long, long]}]),
    }[format_]

    (row,) = found(text, format_=format_).rows

    assert max(len(row.title), len(row.artist), len(row.location or "")) <= MAX_TEXT


def test_what_is_no_text_is_left_out() -> None:
    rows = [
        {"title": "a\x00b\ud800\u202ec", "artist": None, "duration": float("inf")},
        {"title": ["x"], "artist": {"name": "y"}, "isrc": 7, "trackId": 9},
        {"title": 1999, "duration": -4, "location": True},
        7,
    ]

    result = found(json.dumps(rows), format_=Format.JSON)

    assert [plain(row) for row in result.rows] == [("a b c", "", None), ("1999", "", None)]
    assert result.warnings == ["Rows without a title, an artist or a code were left out."]


def test_every_byte_is_text_somewhere() -> None:
    assert found(bytes(range(1, 256)) + b"\n", "x.m3u").rows


@pytest.mark.parametrize(
    ("text", "format_", "empty"),
    [
        ('[{"title": "a"}%s]', Format.JSON, ",1"),
        ('[{"title": "a"}%s]', Format.JSON, ",{}"),
        ("<playlist><trackList><track><title>a</title></track>%s", Format.XSPF, "<track/>"),
        ("title,b\na,1\n%s", Format.CSV, ",1\n"),
    ],
    ids=["numbers", "objects", "xspf", "csv"],
)
def test_stops_at_rows_that_say_nothing(text: str, format_: Format, empty: str) -> None:
    with pytest.raises(Unprocessable, match="say no title"):
        found(text % (empty * (MAX_ROWS + 1)), format_=format_)


def test_few_rows_that_say_nothing_are_left_out() -> None:
    assert len(found("title,b\na,1\n" + ",1\n" * MAX_ROWS, format_=Format.CSV).rows) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"ID3\x04\x00\x00\x00\x00\x00#TSSE\n" + bytes(range(256)) * 20,
        b"PK\x03\x04\x14\x08\x08",
        "\x89PNG\r\n\x1a\n".encode(),
        b"\xff\xfea\x00\x01\x00",
    ],
    ids=["mp3", "zip", "png as text", "utf-16"],
)
@pytest.mark.parametrize("filename", ["", "a.mp3", "a.txt"])
def test_what_is_no_text_is_no_playlist(data: bytes, filename: str) -> None:
    with pytest.raises(Unprocessable, match="M3U8, XSPF, CSV and JSON"):
        read(data, filename=filename, format_=None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_list_of_paths_without_a_name_is_one(encoding: str) -> None:
    data = "Musik/J\u00fcrgen.mp3\r\n".encode(encoding)

    assert read(data, filename="", format_=None)[0] == Format.M3U8


def written(title: str, format_: Format) -> str:
    row = SourceRow(title=title, artist="B", location=f"x/{title}")
    return write(format_, name=title, description=title, rows=[row], address="{}")


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\ud800", "\x01"])
def test_writes_xml_that_is_xml(sign: str) -> None:
    text = written(f"a{sign}b", Format.XSPF)

    assert found(text, format_=Format.XSPF).rows[0].title == "a b"


@pytest.mark.parametrize("sign", ["", "'", " ", "\u2060"])
def test_semicolons_begin_no_cell_of_a_table(sign: str) -> None:
    title = f"x;{sign}=cmd|'/c calc'!A1"
    text = written(title, Format.CSV)

    cells = [cell for line in csv.reader(io.StringIO(text), delimiter=";") for cell in line]
    assert not [cell for cell in cells if cell.strip(" \u2060").startswith("=")]
    assert found(text, format_=Format.CSV).rows[0].title == title


@pytest.mark.parametrize("sign", ["", "\u2060", "\u00ad", "\u180e", "'\u00ad", "\ufe0f"])
def test_a_formula_behind_what_nobody_sees_is_none(sign: str) -> None:
    title = f"{sign}=1+1"
    text = written(title, Format.CSV)

    assert f'"\'{title}"' in text
    assert found(text, format_=Format.CSV).rows[0].title == title
