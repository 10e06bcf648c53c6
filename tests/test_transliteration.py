"""Names in Cyrillic and in Latin letters are compared by their sound."""

import pytest

from embeddings.search.names import has_names, names_in_other_letters
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
        ("Когда основали Варшаву?", "Warsaw was founded about 1300.", 1),
        ("Когда основали Лондон?", "Warsaw was founded about 1300.", 0),
        ("Чи жив Шопен у Варшаві?", "Chopin left for Paris.", 0.5),
        ("When was Kharkiv founded?", "Харків засновано 1654 року.", 1),
        ("When was Odesa founded?", "Харків засновано 1654 року.", 0),
        ("Когда основали Варшаву?", "華沙是波蘭首都。", None),
        ("Когда основали Варшаву?", "Варшава основана около 1300 года.", None),
        ("Когда основали город?", "Warsaw was founded about 1300.", None),
        ("КОГДА ОСНОВАЛИ ЭТОТ ГОРОД?", "Warsaw was founded about 1300.", None),
        ("Сколько Стоит Билет В Музей?", "Warsaw was founded about 1300.", None),
    ],
)
def test_names_that_a_text_has_in_other_letters(
    question: str, text: str, share: float | None
) -> None:
    assert names_in_other_letters(question, [text, ""]) == [share, None]


def test_who_someone_is_may_stand_in_other_letters() -> None:
    assert has_names("Кто такой Илон Маск?", "Elon Musk founded SpaceX.")
    assert not has_names("Кто такой Илон Маск?", "Jeff Bezos founded Blue Origin.")
