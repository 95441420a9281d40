"""DJAMMS: the backend of a music system for venues and DJs."""

import gc

__version__ = "0.1.0"

# What a function imports stays; looking through it for garbage again and again is a tenth of a cold
# start. Requests leave little in cycles, and the collector still comes for it, less often.
gc.set_threshold(100_000, 10, 10)
