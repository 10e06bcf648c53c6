"""The sentence that is marked: of those on the topic, the one that says what is asked."""

from pathlib import Path

import numpy as np
import pytest

from embeddings.index.build import build_index
from embeddings.model.encoder import Model
from embeddings.search.highlight import (
    answering_sentence,
    count_strong_cues,
    has_strong_cues,
    weights_of_latest,
)
from embeddings.search.question_form import asked_together
from embeddings.search.search import Searcher
from embeddings.text.amounts import DURATION


@pytest.mark.parametrize(
    ("text", "is_duration"),
    [
        ("It takes 3–5 days.", True),
        ("half an hour", True),
        ("Valid for a year.", True),
        ("протягом 30 календарних днів", True),
        ("за тиждень", True),
        ("пів року", True),
        ("Ждать сорок минут.", True),
        ("Это занимает неделю.", True),
        ("Раз в неделю.", False),
        ("За день выдают восемь дел.", False),
        ("полчаса", True),
        ("zwei Wochen", True),
        ("45 pounds a day", False),
        ("at 9 o'clock", False),
        ("до 18:00", False),
        ("о 9 годині", False),
        ("14 вересня 2024 року", False),
        ("в 2024 году", False),
        ("a child of 5 years old", False),
        ("children under 12 years", False),
        ("2 роки тому", False),
        ("тричі на рік", False),
        ("two second-hand books", False),
        ("up to 3 hours", True),
    ],
)
def test_durations(text: str, is_duration: bool) -> None:
    assert bool(DURATION.search(text)) is is_duration


@pytest.mark.parametrize(
    ("question", "topic", "answer"),
    [
        (
            "Is the hall open on Sunday?",
            "The hall is open Mon–Fri, 9–17.",
            "It is shut at weekends.",
        ),
        ("Чи працює зала в суботу?", "Зала працює до 18:00.", "Щосуботи — до 15:00."),
        (
            "How long does it take to get a card?",
            "Room 3 makes the cards.",
            "It takes ten minutes.",
        ),
        ("На який строк дають книжку?", "Книжку дають о 9:00.", "Повернути треба за два тижні."),
        ("Сколько времени занимает справка?", "Справку дают с 1998 года.", "Ждать полчаса."),
        ("Can I bring a dog?", "Many come with a dog.", "Animals are not allowed in."),
        ("Чи можна з собакою?", "Собак тут багато.", "Тварин не пускають."),
        ("Можно ли с собакой?", "Собаки живут во дворе.", "С животными вход запрещён."),
        (
            "Чи можна новачкам?",
            "Новачків тут багато.",
            "Новачки участі не беруть.",
        ),
        ("Можно ли новичкам?", "Новичков было много.", "Новичков не берём."),
        (
            "Why can we keep no hens?",
            "Two members asked to keep hens.",
            "It was refused, as the lease rules out livestock.",
        ),
        ("Who built the bridge?", "The bridge was built in a year.", "It is the work of Tom Ray."),
        (
            "How many computers may use the key?",
            "A trial without the key ends in 30 days.",
            "The key is for three computers.",
        ),
        ("Часы работы музея?", "Музей открыли в 1964 году.", "Ежедневно с 9:00."),
        ("Скільки борошна?", "• цукор — 100 г", "• борошно — 500 г"),
        ("What is a weir?", "The weir stands by the mill.", "A weir is a low dam."),
        ("Що таке ангоб?", "Ангоб зберігають у бочці.", "Ангоб (обливка) — це рідка глина."),
        ("Что такое гать?", "Через болото лежит гать.", "Гатью называют настил из брёвен."),
        ("Was ist ein Wehr?", "Am Wehr steht die Mühle.", "Ein Wehr ist ein Damm."),
        (
            "Who founded the choir?",
            "The choir has had Ann Lee as a guest.",
            "Tom Ray founded it in 1901.",
        ),
        ("Хто заснував музей?", "Музей відвідала Анна Лі.", "Його створив Гнат Бойко."),
        ("Кто основал хор?", "В хоре пела Анна Ли.", "Основатель хора — Гнат Бойко."),
        ("When was the pool opened?", "The pool is open from 9 to 18.", "It opened in May 1964."),
        ("Коли відкрили басейн?", "Басейн відкрито з 9 до 18.", "Відкрився 1964 року."),
        ("Когда открыли бассейн?", "Бассейн открыт с 9 до 18.", "Его построили в 1964 году."),
        ("When is the pool open?", "The pool was opened in 1964.", "It is open from 9 to 18."),
        ("Коли працює басейн?", "Басейн відкрили 1964 року.", "Щодня з 9:00."),
        ("Когда открыт бассейн?", "Бассейн открыли в 1964 году.", "Ежедневно с 9:00."),
        ("Why is the gate shut?", "The gate is shut at six.", "It is shut because dogs got in."),
        ("Чому брама зачинена?", "Браму зачинено з шостої.", "Зачиняють через собак."),
        ("Почему закрыты ворота?", "Ворота закрыты с шести.", "Закрывают из-за собак."),
        ("Почему закрыты ворота?", "Ворота закрыты.", "Вечером закрывают их: забегали собаки."),
        (
            "What should I do if the kettle leaks?",
            "A kettle that leaks is an old one.",
            "Unplug it at once.",
        ),
        ("Що робити, якщо чайник тече?", "Якщо чайник тече, він старий.", "Вимкніть його."),
        ("Что делать, если чайник течёт?", "Если чайник течёт, он стар.", "Выключите его."),
        ("Is there a bus in winter?", "In summer there is a bus.", "From December it stops."),
        ("Чи їздить автобус взимку?", "Влітку автобус їздить.", "У грудні — лише в суботу."),
        ("Как ходит автобус зимой?", "Летом автобус ходит часто.", "Зимой — раз в день."),
        ("Where is the hall?", "The hall was built of oak.", "It stands by the mill."),
        ("Де музей?", "Музей має 300 карт.", "Він на вулиці Садовій."),
        ("Где музей?", "В музее 300 карт.", "Он стоит у реки."),
        ("What is the weight?", "Volume: 1.7 l", "Mass: 0.9 kg"),
        ("How heavy is it?", "Item: Volume | Value: 1.7", "Item: Weight | Value: 0.9"),
        ("Яка маса?", "Показник: Об’єм | Значення: 1,7 л", "Показник: Вага | Значення: 900 г"),
        ("Какая масса?", "Объём, л | 1,7", "Масса нетто | 0,9"),
        ("Сколько весит чайник?", "Чайник: в коробке", "Вес чайника: в таблице"),
        ("Кто дал справку? · А на какой срок?", "Справку дал врач в 2019 году.", "На два года."),
    ],
)
def test_what_is_asked_is_better_than_the_topic(question: str, topic: str, answer: str) -> None:
    assert answering_sentence(question, [topic, answer], np.array([0.9, 0.87])) == 1
    assert answering_sentence(question, [topic, answer], np.array([0.9, 0.5])) == 0


@pytest.mark.parametrize(
    "question",
    [
        "Where is the hall?",
        "What is the phone number?",
        "Сколько дней он болел? · А кто лечил?",
        "Can you tell me where it is?",
    ],
)
def test_other_questions_want_the_best_sentence(question: str) -> None:
    sentences = ["The hall is by the mill.", "Dogs may stay two days on Sunday. A mill is a house."]
    assert answering_sentence(question, sentences, np.array([0.9, 0.86])) == 0


@pytest.mark.parametrize(
    ("previous", "question", "place"),
    [
        ("Who founded the museum?", "And where is it?", "It stands in Mill Street."),
        ("Хто заснував музей?", "А де він?", "Він розташований на вулиці Садовій."),
        ("Кто основал музей?", "а где он?", "Он находится на Садовой улице."),
    ],
)
def test_where_it_is_does_not_repeat_who_it_was(previous: str, question: str, place: str) -> None:
    asked = asked_together(question, previous) or ""
    sentences = ["Tom Ray founded the museum. Музей основал Том Рэй.", place]
    assert answering_sentence(previous, sentences, np.array([0.9, 0.8])) == 0
    assert answering_sentence(asked, sentences, np.array([0.9, 0.8])) == 1
    assert has_strong_cues(asked)
    assert [count_strong_cues(asked, [one], np.array([0.9])) for one in sentences] == [0, 1]


def test_a_passage_suits_that_covers_the_day() -> None:
    scores = np.array([0.9])
    assert count_strong_cues("Open on Sunday?", ["Open daily."], scores) == 1
    assert count_strong_cues("Open on Sunday?", ["Open on Friday."], scores) == 0
    assert count_strong_cues("Open?", ["Open daily."], scores) == 0


ARTICLES = {
    "pool.md": """# Бассейн «Дельфин»

## Расписание

Бассейн работает с понедельника по пятницу с 7:00 до 22:00. Касса открывается за полчаса до
первого сеанса. По субботам бассейн открыт до 18:00. В воскресенье бассейн закрыт на уборку.

## Правила

Многие приходят в бассейн с детьми и собаками из соседнего парка. С собаками вход запрещён. Слово
«абонемент» часто встречается в правилах. Абонемент — это карта на десять посещений.
""",
    "library.md": """# Town library

## Opening hours

The library is open Monday to Friday from 9 am to 7 pm. The reading room opens at the same time as
the library. On Saturdays the doors close at 3 pm. The library stays shut on Sundays.

## Animals and food

Many visitors come to the library with their dogs on the way from the park. Dogs must stay outside.
Food is sold in the café by the entrance.
""",
    "kettle.md": """# Чайник «Роса»

| Показатель | Значение |
|---|---|
| Вместимость | 1,7 л |
| Объём упаковки | 12 л |
| Вес нетто | 0,9 кг |
| Мощность | 2 кВт |

Чайник «Роса» придумала Анна Ли. Его собирают в Бродах, на фабрике у реки. Зимой фабрика закрыта.
Летом на фабрику пускают посетителей.
""",
    "museum.md": """# Музей кераміки

## Години роботи

Музей працює з вівторка по п'ятницю з 10:00 до 18:00. Каса зачиняється за годину до закриття музею.
У суботу та неділю музей відчинено з 11:00 до 16:00. Понеділок — вихідний.
""",
}


def test_the_marked_sentence_says_what_is_asked(real_model: Model, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "seeds" / name).write_text(text, encoding="utf-8")
    build_index(tmp_path / "seeds", tmp_path / "index", real_model)
    searcher = Searcher.open(tmp_path / "index", real_model)
    for previous, question, words in (
        ("", "Can I visit the library on Saturday?", "On Saturdays"),
        ("", "Чи відкрита бібліотека в неділю?", "Sundays"),
        ("", "Музей відчинено в понеділок?", "Понеділок"),
        ("", "Can I bring my dog to the library?", "must stay outside"),
        ("", "Можно ли в бассейн с собакой?", "запрещён"),
        ("", "Что значит абонемент?", "это карта"),
        ("", "What is the mass of the kettle?", "Вес нетто"),
        ("", "Можно ли на фабрику зимой?", "Зимой"),
        ("Кто придумал чайник «Роса»?", "А где он?", "в Бродах"),
        ("Работает ли бассейн в пятницу?", "А в воскресенье?", "В воскресенье"),
    ):
        asked = asked_together(question, previous) if previous else question
        assert asked
        highlight = searcher.search(asked).passages[0].highlight
        assert highlight
        assert words in highlight.text.replace("\n", " ")


@pytest.mark.parametrize(
    ("question", "before"),
    [("Who paid? · And for cleaning?", 0.3), ("Who paid? · And when?", 1), ("Who paid?", 1)],
)
def test_a_follow_up_weighs_its_own_words_more(question: str, before: float) -> None:
    starts = np.array([0, 4, len(question) - 3], np.int32)
    weights = weights_of_latest(np.array([0.2, 0.3, 0.5]), starts, question)
    assert weights.sum() == pytest.approx(1)
    assert weights[1] / weights[2] == pytest.approx(0.6 * before)
