"""What a question wants to be told, and whether a text has it."""

import pytest

from embeddings.search.answer_type import lacks
from embeddings.search.names import names_lacked


@pytest.mark.parametrize(
    ("question", "has", "has_not"),
    [
        ("When was the bridge built?", "It was built in 1957.", "It was built of oak."),
        ("В каком году построен мост?", "В 1957 году.", "12 марта, в полдень."),
        ("Скільки коштує квиток?", "Квиток коштує 9 грн.", "Квиток можна купити в касі."),
        ("Wie viele Boote gibt es?", "Es gibt zwölf Boote.", "Boote liegen am Steg."),
        ("What is the phone number of the library?", "Call 044 123 45 67.", "No phone calls here."),
        ("What is the address of the hall?", "Come to 9 Orchard Lane.", "Come to the lane at 9."),
        ("Яка адреса клубу?", "Ми на вул. Садовій, 4.", "Клуб має 4 кімнати."),
        ("Какой адрес у музея?", "Музей: Речной пер., 12", "Музей открыт до 12."),
        ("Яка у вас електронна пошта?", "Пишіть: club@example.org", "Пишіть на вул. Садову, 4."),
        ("Хто очолив хор?", "Хор очолив Гнат Бойко.", "Хор очолив вчитель."),
        ("Why is it closed?", "It is closed because of rain.", "It is closed on Monday."),
        ("What percentage of the fish survived?", "Some 40 % lived.", "Most lived."),
        ("¿Cuándo abre la biblioteca?", "Abre a las 9.", "La biblioteca abre."),
    ],
)
def test_the_kind_of_answer(question: str, has: str, has_not: str) -> None:
    assert (lacks(question, has), lacks(question, has_not)) == (False, True)


@pytest.mark.parametrize("question", ["", "library", "What is a lighthouse?", "Which bridge?"])
def test_no_kind_no_lack(question: str) -> None:
    assert not lacks(question, "Nothing.")


def test_what_the_question_says_is_no_answer() -> None:
    assert lacks("When did the rules of 2019 end?", "The rules of 2019 ended.")


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        ("Хто такий Андрій Садовий?", "за словами голови Андрія Садового", 0),
        ("Кто мэр Ташкента?", "мэр города сказал", 1),
        ("Who is Anna Berg?", "Anna came home", 0.5),
        ("Скільки коштує новий iPhone?", "вартість вагона", 1),
        ("Who is Andriy Sadovyi?", "за словами голови", 0),
        ("who is it", "nobody", 0),
        ("WHO IS IT", "nobody", 0),
    ],
)
def test_names_in_all_cases(question: str, text: str, share: float) -> None:
    assert names_lacked(question, text) == share
