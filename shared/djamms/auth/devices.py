"""A device in the words of people, from what its browser says of itself (RFC 9110 §10.1.5)."""

import re

# The first that fits: browsers also name those whom they descend from.
PROGRAMS = {
    r"Edg(e|A|iOS)?/": "Edge",
    r"OPR/|Opera": "Opera",
    r"SamsungBrowser/": "Samsung Internet",
    r"Firefox/|FxiOS/": "Firefox",
    r"Chrome/|CriOS/|Chromium/": "Chrome",
    r"Safari/": "Safari",
    r"curl/": "curl",
    r"python|aiohttp|httpx|urllib": "a Python program",
}
SYSTEMS = {
    r"iPhone": "iPhone",
    r"iPad": "iPad",
    r"Android": "Android",
    r"Windows": "Windows",
    r"Mac OS X|Macintosh": "macOS",
    r"CrOS": "ChromeOS",
    r"Linux|X11": "Linux",
}
UNKNOWN = "Unknown device"


def describe_device(user_agent: str | None) -> str:
    """`Firefox on Windows`."""
    program, system = (_first(kinds, user_agent or "") for kinds in (PROGRAMS, SYSTEMS))
    words = " on ".join(word for word in (program, system) if word) or UNKNOWN
    return words[0].upper() + words[1:] if program != "curl" else words


def _first(kinds: dict[str, str], user_agent: str) -> str:
    found = (name for kind, name in kinds.items() if re.search(kind, user_agent, re.IGNORECASE))
    return next(found, "")
