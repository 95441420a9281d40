import pytest

from djamms.search.highlight import highlight, highlight_typed


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


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("Night Ferry", "night fe", "<em>Night</em> <em>Fe</em>rry"),
        ("Night Ferry", "ferri", "Night <em>Ferry</em>"),
        ("Beyoncé & Co", "beyonc", "<em>Beyonc</em>é &amp; Co"),
        ("Straße", "stras", "<em>Straß</em>e"),
        ("AC/DC", "acdc", "<em>AC/DC</em>"),
        ("A New Day", "an", "A New Day"),
        ("東京の夜", "京の", "東<em>京の</em>夜"),
        ("<b>", "x", "&lt;b&gt;"),
    ],
)
def test_marks_as_much_as_was_typed(text: str, typed: str, expected: str) -> None:
    assert highlight_typed(text, typed) == expected
