"""Chinese, Japanese, Korean, Russian and Greek names, made of everyday words and made-up ones."""

# ruff: noqa: RUF001 (letters that look like Latin ones are meant)

import unicodedata
from collections.abc import Callable, Sequence

from bench.search_quality.world.names import Chance, Group, Made, Named, invented, plainly

HAN = (
    "夜空 春风 雨天 月光 故乡 时间 海边 城市 星星 河流 梦想 记忆 微笑 眼泪 秋叶 冬雪 夏日 "
    "黎明 黄昏 远方 孤独 自由 火焰 花朵 森林 天使 影子 列车 窗外 咖啡 旅行 永远 昨天 明天 "
    "秘密 温柔 勇敢 沉默 飞鸟 浪花 山谷 灯光 舞蹈 心跳 彩虹 流浪"
)
HAN_FAMILY = "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗"
HAN_GIVEN = "明 华 伟 芳 静 丽 强 磊 洋 艳 勇 军 杰 娟 涛 超 霞 平 刚 玲 若 岚 曦 宁 墨 澜"
KANJI = (
    "夜明け 夏空 花火 雨音 星屑 約束 未来 手紙 季節 太陽 秘密 涙 笑顔 風 海 街 夢 光 影 桜 "
    "月 空 鼓動 旅人 青春 記憶 恋"
)
HIRAGANA = "さくら ひかり ゆめ こころ そら あした きみ おもいで なみだ ほし"
KATAKANA = (
    "メロディ ドリーム ラブ スター ダンス ナイト ブルー レイン サマー パレード ギター "
    "ロケット ジュエル ガーデン"
)
KANA_SYLLABLES = "ミ ナ ト レ カ ロ サ キ ハ ル ノ ヴァ ゼ ダ ポ リ メ ソ ラ ビ グ テ ン"
JAPANESE_FAMILY = "佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 中村 小林 加藤 吉田 山田 松本 井上 木村"
JAPANESE_GIVEN = "陽菜 蓮 結衣 湊 葵 颯太 美咲 翔 凛 大和 千尋 樹 紬 朝陽"
HANGUL = (
    "사랑 밤 하늘 바다 별빛 기억 시간 봄날 비 바람 꿈 노래 여름 겨울 눈물 미소 그림자 도시 "
    "거리 편지 약속 내일 어제 달빛 꽃잎 친구 여행 기차 창문 커피 비밀 고백 이별 안녕 마음 "
    "햇살 구름 파도 소원"
)
HANGUL_SYLLABLES = (
    "가 나 다 라 마 바 사 아 자 하 고 노 도 로 모 보 소 오 조 루 무 수 린 산 빈 찬 결 온 율"
)
CYRILLIC = (
    "ночь любовь река звезда город море снег ветер дождь сердце солнце дорога весна осень "
    "мечта тишина звёзды самолёт мёд чёрный белый огонь небо поезд письмо танец песня утро "
    "лето зима берег свобода"
)
CYRILLIC_SYLLABLES = (
    "ка ло ми рен та во ша бель дор ни фа ру зен ску ей лы мар го пе сил ду жа че щё"
)
GREEK = (
    "νύχτα θάλασσα αγάπη όνειρο ουρανός φεγγάρι ήλιος δρόμος καλοκαίρι βροχή τραγούδι καρδιά "
    "πόλη άνεμος χειμώνας αστέρι σιωπή φως μάτια παιδί ψυχή κύμα νησί χρόνος φωτιά γέλιο "
    "μουσική"
)
GREEK_SYLLABLES = "κα λο μι ρε τα βο σα δε νι φα ρου ζε πι μα γο πε σι θα χι ξε λα"
GREEK_ENDINGS = "ής άκης ού ίδης ός άς"


def _drawn(chance: Chance, words: str, fewest: int, most: int) -> list[str]:
    return chance.sample(words.split(), chance.randint(fewest, most))


def _group(title: Callable[[Chance], str], artist: Callable[[Chance], str]) -> Group:
    def group(chance: Chance, tracks: int) -> Sequence[Made]:
        name = Named(artist(chance))
        return [plainly(Named(title(chance)), name) for _ in range(tracks)]

    return group


def _chinese_title(chance: Chance) -> str:
    return chance.choice(["", "的"]).join(_drawn(chance, HAN, 2, 3))


def _chinese_artist(chance: Chance) -> str:
    return "".join(_drawn(chance, HAN_FAMILY, 1, 1) + _drawn(chance, HAN_GIVEN, 1, 2))


def _japanese_title(chance: Chance) -> str:
    words = [chance.choice(chance.choice([KANJI, HIRAGANA, KATAKANA]).split()) for _ in range(2)]
    return chance.choice(["の", "と", " ", ""]).join(dict.fromkeys(words))


def _japanese_artist(chance: Chance) -> str:
    if chance.random() < 0.5:
        return invented(chance, KANA_SYLLABLES, 3, 5)
    return "".join(_drawn(chance, JAPANESE_FAMILY, 1, 1) + _drawn(chance, JAPANESE_GIVEN, 1, 1))


def _korean_title(chance: Chance) -> str:
    first, *others = _drawn(chance, HANGUL, 1, 3)
    return " ".join([first + (chance.choice(["", "의"]) if others else ""), *others])


def _korean_artist(chance: Chance) -> str:
    return invented(chance, HANGUL_SYLLABLES, 2, 4)


def _russian_title(chance: Chance) -> str:
    made_up = [invented(chance, CYRILLIC_SYLLABLES, 2, 4)] if chance.random() < 0.6 else []
    return " ".join(_drawn(chance, CYRILLIC, 1, 2) + made_up).capitalize()


def _russian_artist(chance: Chance) -> str:
    names = [invented(chance, CYRILLIC_SYLLABLES, 2, 3) for _ in range(chance.randint(1, 2))]
    return " ".join(names).title()


def _greek_title(chance: Chance) -> str:
    made_up = [_greek_word(chance)] if chance.random() < 0.6 else []
    return " ".join(_drawn(chance, GREEK, 1, 2) + made_up).capitalize()


def _greek_artist(chance: Chance) -> str:
    return " ".join(_greek_word(chance) for _ in range(chance.randint(1, 2))).title()


def _greek_word(chance: Chance) -> str:
    return invented(chance, GREEK_SYLLABLES, 2, 3) + chance.choice(GREEK_ENDINGS.split())


chinese = _group(_chinese_title, _chinese_artist)
japanese = _group(_japanese_title, _japanese_artist)
korean = _group(_korean_title, _korean_artist)
russian = _group(_russian_title, _russian_artist)
greek = _group(_greek_title, _greek_artist)


HALF_WIDTH = {
    unicodedata.normalize("NFKC", chr(code)): chr(code)
    for code in range(0xFF66, 0xFF9E)
} | {"\u3099": "ﾞ", "\u309a": "ﾟ"}  # fmt: skip


def half_width(text: str) -> str:
    """Katakana as older Japanese systems write them."""
    return "".join(HALF_WIDTH.get(part, part) for part in unicodedata.normalize("NFD", text))


def in_mid_syllable(text: str) -> str:
    """Hangul while its last syllable is being typed: without its last letter."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text)[:-1])
