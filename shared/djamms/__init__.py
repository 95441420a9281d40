"""DJAMMS: the backend of a music system for venues and DJs."""

__version__ = "0.1.0"
