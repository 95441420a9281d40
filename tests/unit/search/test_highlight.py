import pytest

from djamms.search.highlight import highlight


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Night Ferry", {"ferry"}, "Night <em>Ferry</em>"),
        ("Beyoncé", {"beyonce"}, "<em>Beyoncé</em>"),
        (
            "Beyonce\u0301!",
            {"beyonce"},
            "<em>Beyonce\u0301</em>!".replace("\u0301</em>", "</em>\u0301"),
        ),
        ("AC/DC live", {"acdc"}, "<em>AC/DC</em> live"),
        ("Guns N' Roses", {"gunsnroses"}, "<em>Guns N&#x27; Roses</em>"),
        ("P!nk", {"pink"}, "<em>P!nk</em>"),
        ("Don't <b>stop</b>", {"dont"}, "<em>Don&#x27;t</em> &lt;b&gt;stop&lt;/b&gt;"),
        ("東京の夜", {"東京", "京"}, "<em>東京</em>の夜"),
        ("Straße", {"strasse"}, "<em>Straße</em>"),
    ],
)
def test_marks_what_matched_in_its_own_spelling(text: str, words: set[str], expected: str) -> None:
    assert highlight(text, words) == expected


@pytest.mark.parametrize(("text", "words"), [("Night Ferry", {"fer"}), ("", {"a"}), ("!?", {""})])
def test_is_nothing_where_nothing_matched(text: str, words: set[str]) -> None:
    assert highlight(text, words) is None
