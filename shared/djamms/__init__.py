"""DJAMMS: the backend of a music system for venues and DJs."""
