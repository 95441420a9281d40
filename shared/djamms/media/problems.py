"""What can be wrong with an uploaded file, in a code for programs and a sentence for people."""

from enum import StrEnum


class Problem(StrEnum):
    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    NOT_AUDIO = "not_audio"
    UNSUPPORTED_FORMAT = "unsupported_format"
    PROTECTED = "protected"
    UNREADABLE = "unreadable"
    NO_DURATION = "no_duration"


SENTENCES = {
    Problem.EMPTY_FILE: "The file is empty.",
    Problem.TOO_LARGE: "The file is larger than 50 MB.",
    Problem.NOT_AUDIO: "The file is not audio, whatever its name says.",
    Problem.UNSUPPORTED_FORMAT: "This kind of audio cannot be used.",
    Problem.PROTECTED: "The file is copy-protected: only its shop's own player can play it.",
    Problem.UNREADABLE: "The file is damaged and cannot be read.",
    Problem.NO_DURATION: "The file holds no sound: its length is zero or cannot be told.",
}


class MediaError(Exception):
    """The file itself is at fault: reading it again would end in the same way."""

    def __init__(self, problem: Problem, message: str | None = None) -> None:
        self.problem = problem
        self.message = message or SENTENCES[problem]
        super().__init__(self.message)
