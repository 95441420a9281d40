"""`djamms import`: uploads folders of real music through the public API, and can be resumed."""

from local.importer.command import import_command

__all__ = ["import_command"]
