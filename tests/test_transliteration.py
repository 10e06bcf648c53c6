"""Names in Cyrillic and in Latin letters are compared by their sound."""

import pytest

from embeddings.search.names import names_lacked
from embeddings.text.transliteration import transliterated_share


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Варшавы", "Warsaw"), ("Люксембурге", "Luxembourg"), ("Джорджа", "George"),
        ("Хьюстоне", "Houston"), ("Женевы", "Geneva"), ("Чингисхана", "Genghis"),
        ("Мичигане", "Michigan"), ("Баха", "Bach"), ("Иоганн", "Johann"), ("Джон", "John"),
        ("Рейном", "Rhine"), ("Уэллса", "Wells"), ("Вашингтоні", "Washington"),
        ("Шуберта", "Schubert"), ("Чернівцях", "Chernivtsi"), ("Київ", "Kyiv"),
        ("Запоріжжя", "Zaporizhzhia"), ("Ґданськ", "Gdańsk"), ("Лодзі", "Łódź"),
        ("Гарвард", "Harvard"), ("Warsaw", "Варшава"), ("Львові", "Ivano-Lviv"),
    ],
)  # fmt: skip
def test_a_name_is_known_in_other_letters(name: str, other: str) -> None:
    assert transliterated_share([name, "Ніщо"], [["Something", other], ["Nothing"]]) == [0.5, 0]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Мартин", "Milton"), ("Мальтуса", "Martin"), ("Денвер", "Carolina"), ("Париж", "Berlin"),
        ("Одеса", "Kyiv"), ("Юань", "1969"), ("Эй", "Au"), ("Рим", "羅馬"),
    ],
)  # fmt: skip
def test_another_name_is_not(name: str, other: str) -> None:
    assert transliterated_share([name], [[other, ""]]) == [0]


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        ("Когда основали Варшаву?", "Warsaw was founded about 1300.", 0),
        ("Когда основали Лондон?", "Warsaw was founded about 1300.", 1),
        ("Чи жив Шопен у Варшаві?", "Chopin left for Paris.", 0.5),
        ("When was Kharkiv founded?", "Харків засновано 1654 року.", 0),
        ("When was Odesa founded?", "Харків засновано 1654 року.", 1),
        ("Когда основали Варшаву?", "華沙是波蘭首都。", 0),
        ("Когда основали город?", "Warsaw was founded about 1300.", 0),
    ],
)
def test_names_that_a_text_in_other_letters_lacks(question: str, text: str, share: float) -> None:
    assert names_lacked(question, text) == share
