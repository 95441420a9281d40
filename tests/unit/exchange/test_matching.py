from dataclasses import replace
from uuid import UUID

import pytest

from bench.matching.score import judge_all, parts, with_all
from djamms.exchange.matching import Candidate, Row, judge, plain_isrc
from djamms.models.exchange import RowState

TRACK = Candidate(UUID(int=1), "Night Ferry", "Marlow & Vane", "Crossings", 263, "USABC0900201")
LIVE = Candidate(UUID(int=2), "Night Ferry (Live)", "Marlow & Vane", "On Stage", 263, None)


def test_what_is_accepted_without_asking_is_right() -> None:
    scores = parts(judge_all(with_all()))

    assert {name: score.precision >= 0.99 for name, score in scores.items()} == {
        "tuned on": True,
        "held back": True,
    }
    assert min(score.recall for score in scores.values()) >= 0.9


@pytest.mark.parametrize(
    "words",
    [
        *("Live", "Kessler Remix", "Remastered 2013", "Karaoke Version", "Acoustic", "Radio Edit"),
        *("Instrumental", "Cover", "Demo", "Sped Up", "Re-recorded", "2009 Re-Master"),
    ],
)
@pytest.mark.parametrize("form", ["{} ({})", "{} - {}", "{} [{}]"])
def test_another_version_is_never_accepted(form: str, words: str) -> None:
    row = Row(form.format(TRACK.title, words), TRACK.artist, seconds=TRACK.seconds)

    verdict = judge(row, [TRACK])

    assert verdict.state == RowState.DOUBTFUL
    assert "version" in verdict.matches[0].doubts


def test_not_even_with_its_code() -> None:
    row = Row("Night Ferry (Live)", TRACK.artist, seconds=263, isrc="US-ABC-09-00201")

    assert judge(row, [TRACK]).state == RowState.DOUBTFUL


@pytest.mark.parametrize(
    ("asked", "there"), [("Live at Wembley", "Crossings"), ("Crossings", "Crossings (Karaoke)")]
)
def test_not_even_with_its_code_where_only_an_album_says_so(asked: str, there: str) -> None:
    row = Row(TRACK.title, TRACK.artist, asked, TRACK.seconds, "USABC0900201")

    verdict = judge(row, [replace(TRACK, album=there)])

    assert (verdict.state, verdict.matches[0].doubts) == (RowState.DOUBTFUL, ("album_version",))


def test_a_code_that_points_elsewhere_makes_a_match_doubtful() -> None:
    row = Row("Night Ferry (Live)", TRACK.artist, seconds=263, isrc="USABC0900201")

    assert judge(row, [LIVE]).state == RowState.MATCHED
    assert judge(row, [LIVE, TRACK]).state == RowState.DOUBTFUL


def test_a_code_finds_what_no_words_would() -> None:
    row = Row("Nachtfähre", "Марлоу", seconds=263, isrc="USABC0900201")
    other = Candidate(UUID(int=3), "Ночной паром", "Марлоу", None, 263, "USABC0900201")

    assert judge(row, [other]).state == RowState.MATCHED


def test_without_a_length_two_recordings_are_a_question() -> None:
    longer = Candidate(UUID(int=4), TRACK.title, TRACK.artist, "Singles", 341, None)
    row = Row(TRACK.title, TRACK.artist)

    assert judge(row, [TRACK]).state == RowState.MATCHED
    assert judge(row, [TRACK, longer]).state == RowState.DOUBTFUL


def test_nothing_alike_is_missing() -> None:
    assert judge(Row("Glass Rivers", "Pria Nandakumar"), [TRACK, LIVE]).state == RowState.MISSING
    assert judge(Row("", ""), [TRACK, LIVE]).state == RowState.MISSING
    assert judge(Row("(", "["), [TRACK, LIVE]).state == RowState.MISSING


@pytest.mark.parametrize(
    ("stated", "plain"),
    [("us-abc-09 00201", "USABC0900201"), ("USABC09", ""), ("", ""), (None, "")],
)
def test_codes_have_one_form(stated: str | None, plain: str) -> None:
    assert plain_isrc(stated) == plain
