"""What a person is told when the local stack cannot go on."""


class LocalError(Exception):
    """One clear sentence that says what is wrong and what to do; shown without a traceback."""
