"""Names in Cyrillic and in Latin letters are compared by their sound."""

import pytest

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
