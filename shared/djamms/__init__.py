"""DJAMMS: the backend of a music system for venues and DJs."""

import gc

__version__ = "0.1.0"

_USUAL = gc.get_threshold()
# What a function imports stays: looking through it for garbage again and again is a tenth of a cold
# start. `settle()` ends that.
gc.set_threshold(100_000, *_USUAL[1:])


def settle() -> None:
    """Once all is imported: it is never looked through again, and garbage is collected as usual."""
    gc.freeze()
    gc.set_threshold(*_USUAL)
