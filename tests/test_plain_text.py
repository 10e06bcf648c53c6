"""Plain texts, questions and answers, bylines, contents and notes: what is text and what is not."""

import pytest

from embeddings.articles.article import Article
from embeddings.readers import parse
from tests.test_formats import outline_of, paragraphs
from tests.test_web import BODY, dropped

UKRAINIAN = "Музей відчинено щодня, крім понеділка, а в неділю вхід вільний для всіх родин."


def text(body: str, name: str = "a.txt") -> Article:
    return parse(body.encode(), name)


SHORT = {
    "after the text": (f"Pump\n\n{BODY}\n\nData\n\nPower: 550 W\nDepth: 7 m\nCable", "Data", 3),
    "a programme": (f"День у музеї\n\n{UKRAINIAN}\n\nПрограма\n\n10:00 Вхід\n12:00 Обід\n", "", 0),
    "members": (f"Club\n\n{BODY}\n\nThe board\n\nChairman Olav\nTreasurer Ines", "The board", 2),
    "before the text": (f"Медівник\n\nМед 120 г\nЯйця 3 шт\nСода 8 г\n\n{UKRAINIAN}", "", 4),
    "nothing else": ("Power: 550 W\nDepth: 7 m\nCable: 10 m\n", "", 3),
    "a label and its value": (f"Club\n\n{BODY}\n\nPhone: 555-0142\n\n{UKRAINIAN}", "", 3),
    "lines below each other": (f"Club\n\n{BODY}\n\nMail\na@b.example\n\nFax\n555-0199", "", 5),
    "labels of menus": (f"Office\n\n{BODY}\n\nPlaces\n\nHelp\nContacts\nNews", "Places", 3),
}


@pytest.mark.parametrize(("body", "heading", "count"), SHORT.values(), ids=SHORT)
def test_no_short_line_of_a_plain_text_is_lost(body: str, heading: str, count: int) -> None:
    article = text(body)
    read = f"{article.title}\n{article.text}\n{outline_of(article)}"
    assert [line for line in body.split("\n") if line not in read] == []
    assert article.dropped == ()
    if count:
        assert len(outline_of(article)[heading].split("\n\n")) == count


def test_boilerplate_of_a_saved_page_is_told_and_its_lists_stay() -> None:
    article = text(
        f"Home\nNews\nSport\n\nBorscht\nShare\n\nBeet\nCabbage\nDill\n\n{BODY}\n\n© Herald"
    )
    assert (article.title, paragraphs(article)) == ("Borscht", ["Beet", "Cabbage", "Dill", BODY])
    assert dropped(article) == {
        **dict.fromkeys(("Home", "News", "Sport"), "menu"),
        "Share": "button",
        "© Herald": "copyright",
    }


def test_underlined_headings() -> None:
    article = text(f"Manual\n======\n\n{BODY}\n\nUse\n----\n\n{BODY}\n\nEnd\n----\nBye.\n")
    assert article.title == "Manual"
    assert list(outline_of(article)) == ["", "Use", "End"]


NUMBERED = (
    "VILLAGE CLUB\nMinutes of 8 February\n\n1. Water\nThe trough leaks.\n\n2) Bees\n"
    "Two hives are allowed.\n\n3. Seed order\n\nIt goes out on 20 February.\n\n"
    "4. Next meeting: 14 March."
)


def test_numbered_lines_above_text_are_headings() -> None:
    article = text(NUMBERED)
    assert article.title == "VILLAGE CLUB"
    assert list(outline_of(article)) == ["", "1. Water", "2) Bees", "3. Seed order"]


@pytest.mark.parametrize(
    "body",
    [
        "To do\n\n1. Milk\n2. Bread\n3. Salt\n4. Tea\n\nThen go home.",
        "Two\n\n1. Water\nThe trough leaks.\n\n2. Bees\nTwo hives are allowed.",
        "Run\n\n1. Anna\nKyiv, 2:31\n\n2. Petro\nLviv, 2:33\n\n3. Ivan\nOdesa, 2:40",
        "Teams\n\n3. Water\nIt leaks.\n\n1. Bees\nTwo hives.\n\n2. Seeds\nKept dry.",
    ],
    ids=["a list", "two of them", "results", "out of order"],
)
def test_other_numbered_lines_are_text(body: str) -> None:
    assert list(outline_of(text(body))) == [""]


def test_words_that_are_divided_at_the_end_of_a_line_are_joined() -> None:
    body = (
        "Цей будинок стоїть на березі річки, і з його вікон видно старий міст. Погода для іде-\n"
        "ального відпочинку тут буває лише влітку, коли повертаються кораблі й відкривають пів-\n"
        "денно-східний причал, біля якого продають морозиво, квіти й газети всім пасажирам.\n"
    )
    read = text(body).text
    assert "ідеального відпочинку" in read
    assert "південно-східний" in read


# Questions and answers

PAIRS = [
    ("Do you keep bicycles?", "Under the stairs."),
    ("When is breakfast served?", "From seven to nine."),
    ("Чи є знижки?", "Так, для студентів."),
]
FAQ = {
    "Q and A": ("a.txt", "Q: {}\n\nA: {}\n\n"),
    "in one block": ("a.txt", "Q: {}\nA: {}\n\n"),
    "in one paragraph": ("a.md", "**Question:** {} **Answer:** {}\n\n"),
    "a Latin O for an answer": ("a.txt", "В: {}\n\nO: {}\n\n"),
    "Ukrainian": ("a.txt", "Питання: {}\n\nВідповідь: {}\n\n"),
    "Russian": ("a.html", "<p>Вопрос: {}<br>Ответ: {}</p>"),
    "Russian letters": ("a.md", "В: {}\n\nО: {}\n\n"),
    "Ukrainian letters": ("a.txt", "П: {}\n\nВ: {}\n\n"),
    "without marks": ("a.txt", "{}\n\n{}\n\n"),
    "first sentences": ("a.html", "<p><b>{}</b> {}</p>"),
    "in bold": ("a.html", "<p><b>{}</b></p><p>{}</p>"),
    "definitions": ("a.html", "<dl><dt>{}</dt><dd>{}</dd></dl>"),
}


@pytest.mark.parametrize(("name", "form"), FAQ.values(), ids=FAQ)
def test_a_question_is_the_heading_of_its_answer(name: str, form: str) -> None:
    article = text("".join(form.format(*pair) for pair in PAIRS), name)
    assert outline_of(article) == dict(PAIRS)


@pytest.mark.parametrize("form", ["{number};{};{}\n", "{};{};{number}\n"])
def test_columns_of_questions_and_answers_are_read_as_pairs(form: str) -> None:
    rows = ["".join(form.format(*pair, number=n)) for n, pair in enumerate(PAIRS, 1)]
    header = form.format("Question", "Answer", number="Room")
    article = parse(f"{header}{''.join(rows)}".encode(), "a.csv")
    assert outline_of(article) == {
        question: f"{answer} | Room: {n}" for n, (question, answer) in enumerate(PAIRS, 1)
    }
    games = parse("Team;В;О\nElk;3;4\nOwl;5;6\n".encode(), "a.csv")
    assert outline_of(games) == {"": "Team: Elk | В: 3 | О: 4\n\nTeam: Owl | В: 5 | О: 6"}


@pytest.mark.parametrize(
    "body",
    [
        f"Is it late?\n\n{BODY}\n\n{BODY}",
        f'"Is it late?"\n\n{BODY}\n\n— Чи вже пізно?\n\n{BODY}',
        f"The day ends. It is dark. Is it late?\n\n{BODY}\n\nI ask. Who pays?\n\n{BODY}",
        "\n\n".join(["Is it late?", *[BODY] * 20, "Who pays?", *[BODY] * 20]),
        f"What to ask:\n\n1. How much?\n\n2. How long?\n\n3. Who pays?\n\n{BODY}",
        f"В. Іваненко\n\nО. Петренко\n\nВ. Сич\n\nО. Лис\n\n{UKRAINIAN}",
    ],
)
def test_a_question_that_is_not_the_form_of_a_text_stays_in_it(body: str) -> None:
    assert text(body, "a.md").text == body


def test_a_section_of_questions_is_found_in_a_long_text() -> None:
    asked = "\n\n".join(f"{question}\n\n{answer}" for question, answer in PAIRS)
    more = "My bicycle is heavy. Where does it go?\n\nTo the yard."
    others = "\n\n".join(["Who knows?", *[BODY] * 120])
    article = text(f"# Stay\n\n{others}\n\n# Questions\n\n{asked}\n\n{more}", "a.md")
    asked_there = [*(question for question, _ in PAIRS), more.split("\n")[0]]
    assert [section.headings for section in article.sections] == [
        (),
        *(("Questions", question) for question in asked_there),
    ]


def test_questions_in_a_letter_are_asked_of_who_gets_it() -> None:
    body = "\n\n".join(f"{question}\n\n{answer}" for question, answer in PAIRS)
    article = text(f"From: Anna <a@b.example>\nSubject: Stay\n\n{body}", "a.eml")
    assert article.text == body
    marked = "\n\n".join(f"Q: {question}\n\nA: {answer}" for question, answer in PAIRS)
    article = text(f"From: Anna <a@b.example>\nSubject: Stay\n\n{marked}", "a.eml")
    assert outline_of(article) == dict(PAIRS)


def test_the_numbers_of_questions_are_kept() -> None:
    article = text("Q1. Where is it?\n\nA1. In Orm.\n\nQ2. Who pays?\n\nA2. Nobody.\n", "a.md")
    assert outline_of(article) == {"Q1. Where is it?": "In Orm.", "Q2. Who pays?": "Nobody."}


# Bylines and contents


@pytest.mark.parametrize(
    ("line", "author", "date"),
    [
        ("Автор: Олена Коваль, 14 травня 2024 року", "Олена Коваль", "2024-05-14"),
        ("By Jane Doe, 22 March 2024", "Jane Doe", "2024-03-22"),
        ("By Jane Doe | March 22, 2024", "Jane Doe", "2024-03-22"),
        ("Текст: Ірина Лис Фото: Петро Кіт", "Ірина Лис", None),
        ("Автор: Иван Петров. 3 февраля 2024", "Иван Петров", "2024-02-03"),
        ("Jane Doe, 22 March 2024", "Jane Doe", "2024-03-22"),
        ("Олена Коваль\n\n14 травня 2024 року", "Олена Коваль", "2024-05-14"),
        ("Вологда, 14 октября 2026 года. Автор: Мария Лис", "Мария Лис", "2026-10-14"),
        ("г. Великий Устюг | 14.10.2026 | Текст: Мария Лис", "Мария Лис", "2026-10-14"),
        ("Lviv, 3 May 2025. By Olha Kovalenko", "Olha Kovalenko", "2025-05-03"),
        ("New York — May 3, 2025 — by Olha Kovalenko", "Olha Kovalenko", "2025-05-03"),
        ("3 травня 2025 року, Львів. Автор: Ольга Лис", "Ольга Лис", "2025-05-03"),
        ("Львів, 3 травня 2025 року — Ольга Лис", "Ольга Лис", "2025-05-03"),
    ],
)
@pytest.mark.parametrize("form", ["# The museum\n\n{}\n\n", "# The museum\n\n## {}\n\n"])
def test_a_byline_is_author_and_date_and_no_heading(
    line: str, author: str, date: str | None, form: str
) -> None:
    article = text(form.format(line) + UKRAINIAN, "a.md")
    assert (article.author, article.date) == (author, date)
    assert article.sections[0].headings == ()
    assert article.text.endswith(UKRAINIAN)
    assert "byline" in dropped(article).values()


def test_what_only_looks_like_a_byline_is_text() -> None:
    lines = "By the sea.\n\nText: see below\n\nRoad 5, 22 March 2024\n\nSpring. By Anna Berg"
    article = text(f"# Stop\n\n{lines}\n\n{BODY}", "a.md")
    assert (article.author, len(paragraphs(article))) == (None, 5)


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_byline_below_the_title_of_a_plain_text(gap: str) -> None:
    article = text(f"Музей{gap}Львів, 3 травня 2025. Автор: Ольга Лис\n\n{UKRAINIAN}\n")
    assert (article.title, article.author, article.date) == ("Музей", "Ольга Лис", "2025-05-03")
    assert outline_of(article) == {"": UKRAINIAN}


@pytest.mark.parametrize("opening", '«“„"([')
def test_a_quotation_mark_may_go_on_with_a_wrapped_sentence(opening: str) -> None:
    wrapped = f"{BODY.rstrip('.')} and the keeper of the house\n{opening}Orm and Sons“ wait for it."
    assert len(paragraphs(text(f"Piers\n\n{wrapped}\n\n{BODY}\n"))) == 2
    listed = "\n".join(f"{opening}{BODY.rstrip('.')} {name}“" for name in ("Orm", "Lum"))
    assert len(paragraphs(text(f"Piers\n\n{BODY}\n\n{listed}\n"))) == 3


def test_contents_and_an_index_are_no_passages() -> None:
    chapters = "".join(f"## {name}\n\n{BODY}\n\n" for name in ("Tides", "Piers", "Fares"))
    entries = "\n\n".join(f"ferry, old {n}, {n}–{n + 2}" for n in range(3, 15))
    contents = "## Зміст\n\n1. Tides\n2. Piers .... 4\n3. Fares .... 9\n\n"
    article = text(f"# Orm\n\n{contents}{chapters}## Покажчик\n\n{entries}\n", "a.md")
    assert list(outline_of(article)) == ["Tides", "Piers", "Fares"]
    assert set(dropped(article).values()) == {"table of contents", "index"}


def test_a_price_list_with_dots_is_no_table_of_contents() -> None:
    body = f"Café\n\n{BODY}\n\nDrinks\n\nCoffee ....... 45\nTea ....... 30\nMilk ....... 25\n"
    assert outline_of(text(body))["Drinks"].count(".......") == 3


# Notes

NOTE = """---
tags: [clay]
---
# Kiln

> [!info]- Before you begin
> The kiln needs ==eleven **hours**== to reach its heat.

The master is [[People/Edda|Edda]], of [[Tarnow#History]]. a==b, c==d `[[x]]` %% paid 7 %%

%%
old chimney

fell
%%

![[plan.png|300]]

- [x] Clean [[flue]]
- [ ] Order bricks ^wood

2. two
5. five

<!-- hidden -->
"""


def test_a_note_is_read_as_it_is_shown() -> None:
    article = text(NOTE, "kiln.md")
    assert outline_of(article) == {
        "Before you begin": "The kiln needs eleven hours to reach its heat.",
        "": "The master is Edda, of Tarnow > History. a==b, c==d [[x]]\n\n• ☑ Clean flue\n\n"
        "• ☐ Order bricks\n\n2. two\n\n5. five",
    }
    assert dropped(article) == {
        **dict.fromkeys(("paid 7", "old chimney fell", "hidden"), "comment"),
        "plan.png": "embedded file",
    }


@pytest.mark.parametrize(
    ("data", "warnings"),
    [
        (UKRAINIAN.encode()[:-2] + b".", ("letters that could not be read: 1",)),
        (UKRAINIAN.encode(), ()),
    ],
)
def test_letters_that_are_lost_are_told(data: bytes, warnings: tuple[str, ...]) -> None:
    assert parse(data, "a.txt").warnings == warnings


def test_lines_of_a_letter_are_joined_though_its_addresses_have_short_ones() -> None:
    heads = "Oakfield House\n12 Mill Lane\nNorthfield\n\nMrs Porter\nFlat 9\n\nDear Mrs Porter,"
    first = "The committee has decided to renew both lifts of the house between 7 April and"
    second = "Residents who cannot use the stairs may ask for help by ringing 01234 567891"
    body = f"{first}\n30 May.\n\n{second}\nbetween 8 am and 8 pm.\n\nYours,\n\nThomas Reid"
    found = paragraphs(text(f"{heads}\n\n{body}\n"))
    assert {f"{first} 30 May.", f"{second} between 8 am and 8 pm."} <= set(found)


def test_a_bold_line_of_a_note_is_parted_from_the_lines_below() -> None:
    note = "**Who asks?**\nThe chair.\n\nSee **all of\nit** and\n**more** of it.\n\n**When?**\nNow."
    assert outline_of(text(f"{BODY}\n\n{note}", "a.md")) == {
        "": f"{BODY}",
        "Who asks?": "The chair.\n\nSee all of it and more of it.",
        "When?": "Now.",
    }


def test_a_bold_text_over_two_lines_of_a_note_is_one() -> None:
    note = "**Bring the\nMember Card or\nring.** The chair\nsays so.\n\n**Who is\nAnn?**\nShe."
    assert outline_of(text(f"{BODY}\n\n{note}", "a.md")) == {
        "": f"{BODY}\n\nBring the Member Card or ring. The chair says so.\n\nWho is Ann?\n\nShe."
    }


def test_long_lines_of_a_chat_are_not_joined() -> None:
    lines = [
        "[14/02/2025, 18:02] Ann: right, I booked it, number 22 by the river",
        "[14/02/2025, 18:03] Dara: good, and what do we owe you for the site",
        "[14/02/2025, 18:04] Ann: 27 each, and the deposit is paid on Sunday",
    ]
    short = ["Bread", "Milk", "Salt", "Tea"]
    body = "\n".join(["Trip", "", *lines, "", *short])
    assert paragraphs(text(body)) == [*lines, *short]


def test_items_and_a_signature_are_not_joined_though_a_text_is_wrapped() -> None:
    items = [
        "Guided tours of the old town for groups of up to fifteen people",
        "Evening courses of Ukrainian for foreigners and for newcomers",
        "Repair of bicycles, scooters and wheelchairs in the old garage",
    ]
    signed = ["Ivan Petrenko, Head of the Department of Readers", "Room 12 on the second floor"]
    wrapped = "The hall may be used by every resident who has asked for it once\nbefore noon."
    short = "Ask\nthe keeper\nor ring\nfirst."
    for texts in ([items], [[wrapped.replace("\n", " ")], items], [[wrapped], items, signed]):
        body = "\n\n".join("\n".join(lines) for lines in texts)
        found = paragraphs(text(f"What we offer\n\n{short}\n\n{body}\n"))
        assert found[-len(texts[-1]) :] == texts[-1]
        assert set(items) <= set(found)
