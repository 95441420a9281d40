from enum import StrEnum


class RowState(StrEnum):
    """`never`: a person said that no track is to stand for this row."""

    MATCHED = "matched"
    DOUBTFUL = "doubtful"
    MISSING = "missing"
    NEVER = "never"


class Choice(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    NEVER = "never"
