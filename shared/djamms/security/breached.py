"""Passwords that everybody tries first: those of zxcvbn's list (MIT) that are long enough here.

A copy of the list, in memory: no password leaves the function, and no network is needed.
"""

from functools import cache


def is_common(password: str, *, shortest: int) -> bool:
    """In any case, and with digits or signs put behind."""
    plain = password.lower()
    listed = _listed(shortest)
    return plain in listed or plain.rstrip("0123456789!.?-_ ") in listed


@cache
def _listed(shortest: int) -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # 40 ms, where a password is set only

    return frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= shortest)
