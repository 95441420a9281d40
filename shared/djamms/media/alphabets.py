"""Alphabets of the Windows code pages, and how much a text looks like one of their languages."""

import re
from dataclasses import dataclass

# More than this share of pairs of letters must be common ones: in their languages four of five are.
THRESHOLD = 0.39
MIN_PAIRS = 3
# Shorter words alone may be Western: 'ÅÄÖ'.
LONG_WORD = 4
WORDS = re.compile(r"[^\W\d_]+")
# Neither a letter nor ASCII nor a quote, a dash, a space or a number sign.
STRANGE = re.compile("[^\\w\x00-\x7f\xa0\xab\xbb\u2013-\u2026\u2116]")
MIXED_CASE = re.compile("[\u03ac-\u03ce\u0430-\u045f][\u0386-\u03ab\u0400-\u042f]")


@dataclass(frozen=True)
class Alphabet:
    """`pairs` are the commonest pairs of letters, `never` matches what no word holds."""

    codec: str
    letters: re.Pattern[str]
    pairs: frozenset[str]
    never: re.Pattern[str]
    bonus: float = 0

    def read(self, data: bytes) -> tuple[float, str]:
        """(above 0 when it may be this alphabet, the text)"""
        try:
            text = data.decode(self.codec)
        except UnicodeDecodeError:
            return -1, ""
        words = [word for word in WORDS.findall(text) if not word.isascii()]
        is_text = words and all(self.is_word(word) for word in words) and not STRANGE.search(text)
        if not is_text or max(map(len, words)) < LONG_WORD:
            return -1, ""
        return self.likeness(words) - THRESHOLD, text

    def is_word(self, word: str) -> bool:
        return bool(self.letters.fullmatch(word)) and not (
            self.never.search(word) or MIXED_CASE.search(word)
        )

    def likeness(self, words: list[str]) -> float:
        found = [
            one + two in self.pairs
            for word in words
            for one, two in zip(word.lower(), word.lower()[1:], strict=False)
        ]
        return sum(found) / len(found) + self.bonus if len(found) >= MIN_PAIRS else 0


def alphabet(codec: str, letters: str, pairs: str, never: str, bonus: float = 0) -> Alphabet:
    """`pairs` without anything between them."""
    split = frozenset(pairs[at : at + 2] for at in range(0, len(pairs), 2))
    return Alphabet(codec, re.compile(letters), split, re.compile(never), bonus)


# Counted in the Russian, Ukrainian and Bulgarian, the Greek and the Hebrew translations of the
# programs of a Linux distribution.
CYRILLIC_PAIRS = (
    "нааненнестнивараовкарепокороертанориоратолтопрдатимавомелиалзаисосвелолеонлаетодтеот"
    "виделькииминарелдотрмоавннбоомаймиикобеситойругоскляняемогазилочсеиятьедчепесоийокев"
    "асганыирсиекадлюизслгроппибентсндипадривиезвамкрспозйлклыечичаакукиццефаутндускузому"
    "ожачбрсяблзнждагезлуідзджевыаяежсаднумхоыйудлнцишидлтувіктсьбатньнабугебулоееплквлип"
    "твфиуввнихбувудуегщеапнурншерізигучнньечюбгеажейкежирвятнсртянлінібиврівпуурзмыхупкс"
    "ргигінрмісілряпіичид"
)
GREEK_PAIRS = (
    "τοουστνατασηειείποτηανενικατμααιροαριαισριμεδεηςρανοκαοςμέχεδιτετιερεταπένσεπρίαωνλο"
    "επτήομπιονυνπαγρορντοιησίνκεπεκοασακλεκόγιδοαλρχοπίοούαςαμμοσυιοσμογηνολνεήςυποσαφιμ"
    "μηεσχρτρημκτργρευρνωόνράπόάλλλπλμιώνρίτάαγφαδυλήθείσμήγήελτωέγλαωσλημμιλτόνημπέςαδρέ"
    "όςνιεγάνυσήσσιρηφάεςμόέτυτεκυμέχκλθαάσοίητευγοτυύνεδλάγαόμότλιιεγκηκρόαυιδσίθμθοκάηρ"
    "ιάσφθηφοκέαθέλέσχοιρεμιτνάήτνόφήζεάτμίοθγνήμρήεξγεπάγίίτάρσαοτβοκρήκκυλμμφιςρωκήίζοδ"
    "μάδηδίπίλίλέίδθέωρνδ"
)
HEBREW_PAIRS = (
    "יתניותיםמוורונרוקושללייורילאמיייתישיינלהימובביאיאותוודילנתירוןולדימסמקבויקנונהמהתמאת"
    "פווגמעקיישמתויסמשוגוטילויהפיסישמברפרומוובץצידומאכוהמקשגיסורתידתקמנלמטוהתגרופחבפתחימש"
    "אריןוחהועלאליטרכרשערמךרהנגבערמוספסהייביאצבכתעיצווקכיושיפיסהרספדפחולטלשקבדרואוםאנהצעם"
    "גלתןבלהקבתלקתחהשמדכנבהחלמחלתמרשתשנחרחדנטאמבחמלפהשגמצנכסתנדטפתרלבללעטשרסהיצשםרבאפהפפע"
    "החיחהסקנקלדללפהלקרוכהנכשבצאהאחקהוזגדעוהדועמכההשהבקהאשברטזיתכעדזהכליכבנהגאקראחתזמסרצר"
    "כרמפסטעבתאמטתבכדדהקת"
)
CYRILLIC = alphabet(
    "cp1251",
    "[\u0400-\u045f\u0490\u0491]+",
    CYRILLIC_PAIRS,
    # No word begins with a sign, nor has one behind a vowel; few with a short и.
    "^[ьъЬЪ]|^[йЙ][^\u043e\u041e]|[аеёиоуыэюяАЕЁИОУЫЭЮЯ][ьъЬЪ]|[бвгджзклмнпстфхцчш]щ$",
)
GREEK = alphabet(
    "cp1253",
    "[\u0386-\u03ce]+",
    GREEK_PAIRS,
    # The two forms of sigma; what words end in; one accent, and one in a word of two syllables.
    "\u03c3$|ς.|[βγδζθκλμπτφχΒΓΔΖΘΚΛΜΠΤΦΧ]$|[βγδζθκλμνξπρστφχψ][ςνρ]$"
    "|[άέήίόύώΐΰ].*[άέήίόύώΐΰ]|^[^ΆΈΉΊΌΎΏάέήίόύώΐΰ]*[αεηιουω]+[βγδζθκλμνξπρστφχψ]+[αεηιουω]"
    "[^άέήίόύώΐΰ]*$",
)
HEBREW = alphabet(
    "cp1255",
    "[\u05d0-\u05ea]+",
    HEBREW_PAIRS,
    "[ךםןףץ].|[כמנפצ]$",
    # Cyrillic that could also be Hebrew, with the right letters at the ends of words, is rare.
    bonus=0.25,
)
ALPHABETS = (CYRILLIC, GREEK, HEBREW)
