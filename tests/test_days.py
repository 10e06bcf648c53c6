"""Days of the week and months that a text names, covers, or names others of."""

import pytest

from embeddings.text.days import names_others, share_of_days_named


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        ("Is it open on Sunday?", "Closed on Sundays.", 1),
        ("Is it open on Sunday?", "Open Mon–Sat, 9–18.", 0),
        ("Is it open on Sunday?", "The sun is bright.", 0),
        ("Is it open on Wednesday?", "Open from Monday to Saturday.", 0.7),
        ("Чи працює в неділю?", "У вихідні зачинено.", 0.7),
        ("Чи працює в неділю?", "Щодня з 9:00.", 0.7),
        ("Чи працює в четвер?", "О четвертій годині.", 0),
        ("А в воскресенье?", "Пн–Сб: 10–18 | Вс: выходной", 1),
        ("А в воскресенье?", "На следующей неделе.", 0),
        ("А в среду?", "Охрана окружающей среды.", 0),
        ("А в неділю?", "Неділимий фонд.", 0),
        ("А в пятницу?", "По будням до семи.", 0.7),
        ("Abierto el domingo?", "Geöffnet: täglich", 0.7),
        ("Is it open in June?", "Open from April to October.", 0.7),
        ("Is it open in January?", "Open from November to March.", 0.7),
        ("Чи відкрито в липні?", "Влітку зачинено.", 0.7),
        ("Who won the autumn cup?", "In October.", None),
        ("May I come in?", "In May.", None),
        ("Is it open daily?", "On Monday.", None),
    ],
)
def test_days_and_months_that_are_named_or_covered(
    question: str, text: str, share: float | None
) -> None:
    assert share_of_days_named(question, text) == share


@pytest.mark.parametrize(
    ("question", "text", "others"),
    [
        ("When is the pool open in July?", "The pool is open from 1 May to 30 September.", False),
        ("Is the pool open in July?", "The pool is open from 1 May to 30 September.", False),
        ("Коли відкритий басейн у липні?", "Басейн працює з 1 травня до 30 вересня.", False),
        ("Когда открыт бассейн в июле?", "Бассейн работает с 1 мая по 30 сентября.", False),
        ("How much is a room in July?", "From 1 June to 31 August: 120 euros.", False),
        ("How much is a room in July?", "From 01.06.2024 to 31.08.2024: 120 euros.", False),
        ("How much is a room in July?", "From May to September: 120 euros.", False),
        ("How much is a room in July?", "From 1 June: 120 euros.", False),
        ("When is it open on Wednesday?", "Monday 8:00 to Friday 18:00.", False),
        ("When is it open on Wednesday?", "Between Monday and Friday, 8 to 18.", False),
        ("When is it open on Wednesday?", "From Monday until and including Friday.", False),
        ("О котрій відкриваєтеся в середу?", "Між понеділком і п'ятницею з 8.", False),
        (
            "Во сколько вы открываетесь в среду?",
            "С понедельника по пятницу включительно с 8:00.",
            False,
        ),
        ("When is it open on Tuesday?", "It is closed on Mondays.", False),
        ("Коли ви працюєте у вівторок?", "Понеділок — вихідний день.", False),
        ("Когда вы работаете во вторник?", "Выходной день — понедельник.", False),
        (
            "When do you deliver on Saturday?",
            "We deliver each working day, no delivery on Sundays",
            False,
        ),
        ("Is there yoga on Tuesday?", "Yoga: Monday, Wednesday and Friday.", False),
        ("Чи є йога у вівторок?", "Йога: понеділок, середа, п'ятниця.", False),
        ("Есть ли йога во вторник?", "Йога: понедельник, среда.", False),
        (
            "My pay for March is late, who do I complain to?",
            "The rules are in force since 1 January 2024.",
            False,
        ),
        (
            "Who do I complain to if my pay for March is late?",
            "The rules of 1 January 2024: complain to Ann.",
            False,
        ),
        ("I bought it in May, can I return it?", "The sale ends on 31 August.", False),
        ("If I order on Friday, when will it arrive?", "Parcels leave on Monday.", False),
        ("When will it arrive if I order on Friday?", "Parcels leave on Monday.", False),
        ("Who was born in May?", "Ann, born on 12.05.1900.", False),
        ("Who won in May?", "Ann won on 3 June.", True),
        ("When is it open on Saturday?", "Monday 8:00 to Friday 18:00.", True),
        ("When is it open on Saturday?", "Mon 9:00-17:00, Fri 9:00-13:00", True),
        ("When is it open on Wednesday?", "Mon 9:00-17:00, Fri 9:00-13:00", True),
        ("How much is a room in December?", "From 1 June to 31 August: 120 euros.", True),
        ("Скільки коштує номер у грудні?", "З 1 червня по 31 серпня: 1200 грн.", True),
        (
            "Во сколько первый трамвай в воскресенье?",
            "Первый трамвай с понедельника по субботу в 6:05.",
            True,
        ),
        ("Кто победил в апреле?", "В забеге 05.05.2024 победил Тарханов.", True),
        (
            "What time is the first tram on Sunday?",
            "The first tram on Monday is at 6:05 and on Tuesday at 6:15.",
            True,
        ),
        ("First bus on Sunday?", "Mon-Fri: 05:56 | Saturday: 06:46", True),
        ("When is it open on Wednesday?", "Mon 9:00 to 17:00, Fri 9:00 to 13:00", True),
        ("When is it open on Sunday?", "Between Monday and Friday.", True),
        ("What time does the museum close on Sunday?", "Tue–Sun 10:00–18:00", False),
        ("What time does the museum close on Sunday?", "Вт–Нд 10:00–18:00", False),
        (
            "What time does the library open on Saturday?",
            "Monday to Friday 9–18, weekends 10–15",
            False,
        ),
        ("Скільки коштує вхід у неділю?", "У вихідні та святкові дні вхід 200 грн", False),
        ("Когда вы работаете в субботу?", "Пн-Пт 9-18, Сб 10-15", False),
        ("Яка плата за серпень?", "Плата за навчання сплачується до 25 вересня.", False),
        ("What is the deadline in May?", "Applications are due by 15 May.", False),
        ("What happens on Sunday?", "On Monday the fair opens.", True),
        (
            "When is payday in December?",
            "Salaries are paid on the 5th and 20th of each month.",
            False,
        ),
        ("Who works on Saturday?", "Ann works Monday and Tuesday.", True),
        (
            "When does the summer school start in July?",
            "It starts on 3 June and lasts 8 weeks",
            True,
        ),
        ("When does the course end in August?", "Курс з 3 червня до 15 вересня 2024 року", False),
        ("Where do I park on Friday?", "Market on Saturdays: park in Mill Street", True),
        ("Чи можна прийти у суботу?", "Пн-Пт", False),
        ("Приймаєте у суботу?", "Пн-Пт", False),
        ("Which bus goes to the May Day Hall?", "Bus 5, since 3 June", False),
        ("Когда отпуск у Августа?", "с 3 июня", False),
        ("Can you tell me when it opens on Sunday?", "Mon-Fri 9-18", False),
        ("When is it open on Thursday?", "from Monday, 8 am, to Friday, 6 pm", False),
        ("When is it open on Thursday?", "Monday 8 am – Friday 6 pm", False),
        ("When is it open in July?", "von 1. Mai bis zum 31. August", False),
        ("When is it open in July?", "vom 1. Mai bis 31. August", False),
        ("When is it open in July?", "del 1 de mayo al 31 de agosto", False),
        ("When is it open in July?", "May 1 to September 30", False),
        ("When is it open in July?", "May 1st through September 30th", False),
        ("When is it open in July?", "May–September", False),
        ("When is it open in July?", "2024-05-01 to 2024-09-30", False),
        ("When is it open in December?", "May–September", True),
        ("When is it open in July?", "1 травня 2024 року до 30 вересня 2024 року", False),
        ("When is it open in July?", "с 1 мая 2024 г. по 30 сентября 2024 г.", False),
        ("When is it open on Thursday?", "з понеділка (8:00) до п'ятниці (18:00)", False),
        ("When is it open on Wednesday?", "Mon 9-17 Fri 9-13", True),
        ("First bus on Sunday?", "Daily: 05:56", False),
        ("First bus on Sunday?", "First bus: 05:56", False),
        ("First bus?", "Mon-Fri: 05:56", False),
        ("Кто победил в апреле?", "В майском забеге, 5 мая, победил Тарханов.", True),
        ("Когда родилась Марта?", "Марта Ратай родилась 7 мая.", False),
        ("When was June Lee born?", "She was born on 7 May.", False),
    ],
)
def test_days_and_months_other_than_those_asked_for(question: str, text: str, others: bool) -> None:
    assert names_others(question, 0, text, text) is others
    assert not names_others(question, 0, "It is so.", f"{text} It is so.")
    assert not names_others(question, 0, text, f"{text} {question}")


@pytest.mark.parametrize(
    ("previous", "question", "others"),
    [
        ("When is the first tram on Monday · ", "And on Sunday?", True),
        ("When is the first tram on Monday · ", "And on Tuesday?", False),
        ("Is the pool open on Monday · ", "And on Sunday?", False),
        ("О котрій перший трамвай у понеділок · ", "А в неділю?", True),
    ],
)
def test_a_bare_day_asks_what_was_asked_before(previous: str, question: str, others: bool) -> None:
    text = "Mon-Sat: 5:00 | Пн-сб: 5:00"
    assert names_others(previous + question, len(previous), text, text) is others
