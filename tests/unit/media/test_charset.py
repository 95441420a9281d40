"""Broken text is repaired on strong evidence only."""

# ruff: noqa: RUF001 - what looks like another character is what is tested

import pytest

from djamms.media.charset import decode, repair

CYRILLIC = (
    *("Музыка", "Кино", "Группа крови", "Алиса", "Земфира", "Звезда по имени Солнце", "Сплин"),
    *("Океан Ельзи", "Владимир Высоцкий", "Подмосковные вечера", "Мумий Тролль", "Город"),
    *("Щелкунчик", "Песня 2007 (feat. Баста)", "Наутилус Помпилиус", "Мама, мы все тяжело больны"),
)
GREEK = (
    *("Τραγούδι", "Μίκης Θεοδωράκης", "Της αγάπης αίματα", "Γιώργος Νταλάρας", "Νύχτα μαγικιά"),
    *("Ελευθερία Αρβανιτάκη", "Ξενύχτησα στην πόρτα σου"),
)
HEBREW = ("ירושלים של זהב", "אהבה", "הבה נגילה", "עידן רייכל", "שיר לשלום")
JAPANESE = ("東京事変", "テスト", "さくら", "宇多田ヒカル", "上を向いて歩こう", "Love テスト")
POLISH = ("Miłość", "Dwa plus jeden: Żółta łódź", "Wszystko się może zdarzyć", "Zażółć gęślą jaźń")
WESTERN = ("It’s", "“Quoted” text", "Don’t – Stop…", "Café “Noir”", "L’été")
CLEAN = (
    *("Björk", "Sigur Rós", "Ágætis byrjun", "Mötley Crüe", "Motörhead", "Für Elise", "Ænima"),
    *("São Paulo", "Ñandú", "Ærø", "€uro", "Beyoncé", "Élan", "naïve café", "ÄÖÜ", "Ööö", "Ã"),
    *("Ýmir", "ÞÓR", "ÐÆÖ", "Øåæ", "¿Qué?", "¡Olé!", "m²", "E³", "H₂O", "½ a World", "“Ace” of ö"),
    *("Antonín Dvořák", "Łódź", "Сплин", "Μίκης", "שלום", "東京", "ƒunk ƒame", "Naïve – “Été”"),
    *("Straße", "GRÖSSE", "ÀÉÈÙ", "Çà et là", "Señor Ñáñez", "Noël à Liège", "Håkan Hellström"),
    *(
        "Đặng Thái Sơn",
        "Ólafur Arnalds",
        "Ásgeir Trausti",
        "ÉÈÊË",
        "Ü",
        "Über alles",
        "Åäö ÅÄÖ",
        "éèêë",
    ),
)


def spoilt(text: str, codec: str) -> str:
    return text.encode(codec).decode("latin-1")


@pytest.mark.parametrize(
    ("codec", "texts"),
    [
        ("cp1251", CYRILLIC),
        ("cp1253", GREEK),
        ("cp1255", HEBREW),
        ("cp932", JAPANESE),
        ("cp1250", POLISH),
        ("cp1252", WESTERN),
        ("utf-8", CYRILLIC + GREEK + HEBREW + JAPANESE + POLISH + WESTERN + ("Björk",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_repairs_a_code_page_read_as_latin_1(codec: str, texts: tuple[str, ...]) -> None:
    assert [repair(spoilt(text, codec)) for text in texts] == list(texts)


@pytest.mark.parametrize("texts", [CYRILLIC, GREEK, HEBREW], ids=["cyrillic", "greek", "hebrew"])
def test_repairs_what_was_read_as_windows_1252(texts: tuple[str, ...]) -> None:
    codec = {CYRILLIC: "cp1251", GREEK: "cp1253", HEBREW: "cp1255"}[texts]

    assert [repair(text.encode(codec).decode("cp1252")) for text in texts] == list(texts)


@pytest.mark.parametrize("text", ["Björk", "Сплин", "東京事変"])
def test_repairs_utf8_read_three_times(text: str) -> None:
    for _ in range(3):
        text = spoilt(text, "utf-8")

    assert repair(text) in ("Björk", "Сплин", "東京事変")


@pytest.mark.parametrize("text", CLEAN + CYRILLIC + GREEK + HEBREW + JAPANESE + POLISH + WESTERN)
def test_leaves_clean_text_alone(text: str) -> None:
    assert repair(text) == text


@pytest.mark.parametrize("text", ["Äð", "ÄÄÒ", "Dvoøák", "Óà"])
def test_leaves_alone_what_it_cannot_tell(text: str) -> None:
    assert repair(text) == text


def test_bytes_of_no_known_text_are_not_lost() -> None:
    assert decode("Ελλάδα".encode()) == "Ελλάδα"
    assert decode(b"\xcc\xf3\xe7\xfb\xea\xe0").encode("latin-1") == b"\xcc\xf3\xe7\xfb\xea\xe0"
