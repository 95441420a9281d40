import pytest
from sqlalchemy import Connection, text

from djamms.genres import USUAL_NAMES, genre_key

NAMES = [
    *USUAL_NAMES.values(),
    *(
        "Música Popular",
        "Chanson française",
        "日本のロック",
        "Ранок",
        "Фолк-Ё",
        "Søul",
        "Ære",
        "1/2 & ½?",
    ),
]


@pytest.mark.parametrize("name", dict.fromkeys(NAMES))
def test_database_and_code_know_a_genre_by_one_key(connection: Connection, name: str) -> None:
    assert connection.scalar(text("SELECT genre_key(:name)"), {"name": name}) == genre_key(name)
