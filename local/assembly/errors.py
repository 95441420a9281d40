"""The one error of reading an assembly."""


class AssemblyError(Exception):
    """The assembly cannot be run as it is; the text is one sentence for people."""
