"""The formats of a playlist's file by name: what routes and schemas need of them."""

from enum import StrEnum


class Format(StrEnum):
    JSON = "json"
    M3U8 = "m3u8"
    XSPF = "xspf"
    CSV = "csv"


MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.M3U8: "audio/x-mpegurl; charset=utf-8",
    Format.XSPF: "application/xspf+xml; charset=utf-8",
    Format.CSV: "text/csv; charset=utf-8",
}
