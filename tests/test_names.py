"""Whether a passage has the names, words and codes of a question, or those of something else."""

import pytest

from embeddings.search.names import (
    has_names,
    is_contact_of_another,
    names_in_other_letters,
    names_lacked,
    names_other_code,
    says_the_opposite,
    words_lacked,
)


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        ("Хто такий Андрій Садовий?", "за словами голови Андрія Садового", 0),
        ("Кто мэр Ташкента?", "мэр города сказал", 1),
        ("Who is Anna Berg?", "Anna came home", 0.5),
        ("Скільки коштує новий iPhone?", "вартість вагона", 1),
        ("Who is Andriy Sadovyi?", "за словами голови", 0),
        ("Хто мер Києва?", "Київ обрав мером Кличка", 0),
        ("Когда умер Пётр Первый?", "Петр Первый умер в 1725", 0),
        ("Де помер Лев Толстой?", "смерть Льва Толстого", 0),
        ("who is it", "nobody", 0),
        ("WHO IS IT", "nobody", 0),
    ],
)
def test_names_in_all_cases(question: str, text: str, share: float) -> None:
    assert names_lacked(question, text) == share


@pytest.mark.parametrize(
    ("question", "text", "language", "share"),
    [
        ("How many calories has a dumpling?", "Twelve dumplings for four people.", "en", 0.5),
        ("What is the name of Anna's mother?", "Anna came with her mother.", "en", 0),
        ("How long can it be frozen?", "It keeps in the freezer.", "en", 0),
        ("Если кофемолка не включается", "Не включать без крышки: кофемолка греется.", "ru", 0),
        ("What does the ticket cost?", "Tickets cost 5 euros.", "en", 0),
        ("Какие песни поёт хор?", "Хор пел в саду.", "ru", 1 / 3),
        ("Скільки коштує квиток?", "Квитки по 5 грн.", "uk", 0),
        ("Was kostet eine Karte?", "Das Museum.", "de", 0),
    ],
)
def test_the_words_that_a_text_lacks(question: str, text: str, language: str, share: float) -> None:
    assert words_lacked(question, text, language) == pytest.approx(share)


@pytest.mark.parametrize(
    ("question", "sentence", "opposite"),
    [
        ("Какая температура в большой чаше?", "В малой чаше 30 градусов.", True),
        ("Какая температура в большой чаше?", "В большой чаше теплее, чем в малой.", False),
        ("When does the last bus leave?", "The first bus leaves at 6:15.", True),
        ("Коли відкривають басейн?", "Басейн зачиняють о 22:00.", True),
        ("When does it open?", "It opens at nine.", False),
        ("Де взяти велосипед?", "Біля малої каси.", False),
    ],
)
def test_the_opposite(question: str, sentence: str, opposite: bool) -> None:
    assert says_the_opposite(question, sentence) is opposite


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("what is ruth ansell's phone number", "Skladen support: 8 800 555-21-90.", True),
        ("what is the library's phone number", "Library: 8 800 555-21-90.", False),
        ("what is the phone number", "Library: 8 800 555-21-90.", False),
        ("what is ruth's address", "Ruth, 9 Orchard Lane.", False),
        ("who is ruth ansell", "Skladen support: 8 800 555-21-90.", False),
        ("what is ruth ansell's phone number", "Рут Енселл: 8 800 555-21-90.", False),
        ("What is Ruth Ansell's phone number?", "Call Tom Beck at 8 800 555-21-90.", True),
        ("What is Ruth Ansell's phone number?", "Call us at 8 800 555-21-90.", False),
        ("What is Ruth Ansell's phone number?", "Our WhatsApp: 8 800 555-21-90.", False),
        ("Який телефон Олени Коваленко?", "Тарас Шевчук: 044 123 45 67.", True),
        ("Який телефон Олени Коваленко?", "Олена Коваленко: 044 123 45 67.", False),
        ("Какой телефон у Ольги Петровой?", "Иван Сидоров: 044 123 45 67.", True),
        ("Какой телефон у Ольги Петровой?", "Приёмная: 044 123 45 67.", False),
        ("What is the company's phone number?", "Skladen support: 8 800 555-21-90.", False),
        ("What is the phone number of customer service?", "Hotline: 8 800 555-21-90.", False),
        ("Which email address should I write to?", "Tom Beck: tom@beck.com.", False),
        ("По какому номеру телефона можно позвонить?", "Иван Сидоров: 044 123 45 67.", False),
        ("За яким номером телефону дзвонити?", "Тарас Шевчук: 044 123 45 67.", False),
        ("Wie lautet die Telefonnummer des Museums?", "Telefon: 0228 123 45 67.", False),
        ("Wie ist die Telefonnummer?", "Rathaus Bonn: 0228 123 45 67.", False),
        ("¿Cuál es el teléfono?", "Skladen: 0228 123 45 67.", False),
    ],
)
def test_whose_phone_number_it_is(question: str, text: str, other: bool) -> None:
    assert is_contact_of_another(question, text) is other


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("What does E3 mean?", "Error E7: no water", True),
        ("What does error S1 mean?", "Error S15: no licence", True),
        ("What does E3 mean?", "E3: door open. E7: no water", False),
        ("What does E3 mean?", "E 03: door open", False),
        ("what does e3 mean", "Error E-7", True),
        ("Що означає помилка Е03?", "Помилка Е 03 — порожній бак", False),
        ("Що означає помилка E03?", "Помилка Е03 — порожній бак, Е04 — немає води", False),
        ("Що означає помилка Е05?", "Помилка Е 03 — порожній бак", True),
        ("Кто создал АК47?", "АК-47 создал Калашников", False),
        ("When did WW2 end?", "World War II ended in 1945", False),
        ("What was the revenue in Q3?", "In the third quarter it was 5 million", False),
        ("What was the revenue in Q3?", "Q2: 4 million", True),
        ("Яка площа у м2?", "Площа 40 м³", False),
        ("How much CO2 is emitted?", "12 t of CO2 in 2020", False),
        ("What is A4?", "A sheet. Take 3 of them", False),
        ("When did it begin?", "E7", False),
    ],
)
def test_a_text_names_another_code(question: str, text: str, other: bool) -> None:
    assert names_other_code(question, text) is other


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
