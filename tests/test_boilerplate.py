"""Which lines of a saved page are boilerplate, and which only look like it."""

import pytest

from embeddings.readers.structure.bylines import byline_of, is_dateline, url_in
from embeddings.readers.web.boilerplate import (
    is_language_switch,
    why_boilerplate,
)

BOILERPLATE = (
    "ua en ru~English | Українська~RU / UA~Share~Share this:~Facebook 12 | Twitter 7"
    "~Поділитися~Головна / Новини / Економіка~Home > News > Europe~***~• • •~© Reuters"
    "~© 2024 The Herald. All rights reserved.~Copyright 2024 The Herald"
    "~Copyright (c) 2024 The Herald~All rights reserved~Усі права захищено~Все права защищены"
    "~Photo: Reuters~Photo by Jane Doe~Фото: Генштаб ЗСУ~(Photo: Getty Images)"
    "~Andris Spruds and Rustem Umerov (Photo:~Прем'єр на заводі (фото: пресслужба)"
    "~Read also: Latvia sends drones~Читайте також: Латвія передасть дрони"
    "~Смотрите также: Куда пойти?~Tags: bread, baking"
    "~We use cookies to improve your experience. Accept all"
    "~Этот сайт использует файлы cookie."
    "~Цей сайт використовує файли cookie, щоб бути зручнішим.~Subscribe to our newsletter"
).split("~")
ARTICLE = (
    "Home.~No, no~It is no~So~12~12 15 18~2024~(c) the third item of a list"
    "~Copyright protects a picture for seventy years."
    "~Photo: the word is Greek, and means light, as everybody knows."
    "~The ministers met. (Photo: there was none.)"
    "~Read more: this was the advice of the judge to everyone."
    "~Share and share alike, he said.~Search parties left at dawn.~Printed books are older."
    "~We bake cookies every Sunday with my grandmother.~Cookies with nuts"
    "~Home rule for Ireland~Xenon is a gas~Telegrams were sent"
    "~News travels fast > said the mayor~All rights were reserved for the eldest son."
    "~Tagged birds return in spring.~Фотограф прийшов пізно.~Copyright"
).split("~")


@pytest.mark.parametrize("line", BOILERPLATE + ARTICLE)
def test_boilerplate_and_sentences_are_told_apart(line: str) -> None:
    assert (why_boilerplate(line) is not None) == (line in BOILERPLATE)


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Author: Daria Shekina", "Daria Shekina"),
        ("By Jane Doe", "Jane Doe"),
        ("by Jane Doe and John Smith", "Jane Doe and John Smith"),
        ("BY JANE DOE", "JANE DOE"),
        ("Written by Anne-Marie O'Neil", "Anne-Marie O'Neil"),
        ("By Ludwig van Beethoven", "Ludwig van Beethoven"),
        ("By J. R. R. Tolkien", "J. R. R. Tolkien"),
        ("Автор: Олена Ковальчук", "Олена Ковальчук"),
        ("Автори: Олена Ковальчук, Іван Франко", "Олена Ковальчук, Іван Франко"),
        ("Авторка: Леся Українка", "Леся Українка"),
        ("Текст: Мар'яна Їжак", "Мар'яна Їжак"),
        ("Автор: Иван Петров и Анна Сидорова", "Иван Петров и Анна Сидорова"),
        ("By train to Lviv", None),
        ("By Friday the court had heard four witnesses.", None),
        ("By the sea", None),
        ("Author: that is the word the law uses.", None),
        ("Text: see below", None),
        ("Bye Jane Doe", None),
        ("Автор невідомий", None),
        ("By " + "Very Long Name " * 10, None),
        ("", None),
    ],
)
def test_author(line: str, author: str | None) -> None:
    byline = byline_of(line)
    assert (byline and byline.author) == author


DATELINES = [
    *("12 January 2024", "January 12, 2024", "12.01.2024", "2024-01-12T10:00:00Z"),
    *("Published: 2024-03-01", "Updated on 12 January 2024, 14:05", "15 січня 2024, 09:30"),
    *("Опубліковано: 15 січня 2024, 09:30", "3 февраля 2024 года"),
    *("14:05", "5 min read", "10 minutes ago"),
]
NO_DATELINES = [
    *("12 January 2024 was a cold day.", "In January 2024", "May", "Marching orders", "2024"),
    *("12 people", "5 minutes later he left", "На початку 2024 року"),
]


@pytest.mark.parametrize("line", DATELINES + NO_DATELINES)
def test_dateline(line: str) -> None:
    assert is_dateline(line) == (line in DATELINES)


def test_url() -> None:
    assert url_in("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"
    assert url_in("Source: https://example.org/a") == "https://example.org/a"
    assert url_in("Джерело: http://example.org") == "http://example.org"
    assert url_in("See https://example.org for more") is None
    assert url_in("ftp://example.org") is None


def test_a_language_switch_names_each_language_once() -> None:
    assert is_language_switch("en | uk | ru")
    assert not is_language_switch("en")
    assert not is_language_switch("no no no")
    assert not is_language_switch("en route")
