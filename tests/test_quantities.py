"""Numbers, amounts, dates and times in every notation: the same tokens, and others for others."""

import pytest

from embeddings.text.lemmas import lemmas, one_spelling
from embeddings.text.quantities import Quantity, find_quantities


def quantities(text: str) -> list[Quantity]:
    return find_quantities(one_spelling(text))[0]


@pytest.mark.parametrize(
    ("token", "texts"),
    [
        ("350000", ["350000", "350 000 осіб", "350.000", "350,000", "350 тис. грн", "€350K"]),
        ("1250000", ["1,25 млн гривень", "1 250 000", "1.250.000", "1.25 million", "1,250,000.00"]),
        ("3.5", ["3,5 км", "3.5 %", "(3.50)"]),
        ("3500m", ["3,5 км", "3500 m", "3 500 метрів", "3.5km"]),
        ("5400s", ["1,5 години", "90 хв", "90 minutes"]),
        ("1250", ["1.250", "1,250", "1 250"]),
        ("1.25", ["1.250", "1,25"]),
        ("2012", ["2010–2012", "у 2012-му", "in 2012,", "March 3, 2012"]),
        ("50", ["Super Bowl 50?", "no. 50", "50."]),
        (
            "date:2023-12-12",
            ["12.12.2023", "2023-12-12", "12 грудня 2023 року", "December 12, 2023", "12/12/2023",
             "12 de diciembre de 2023", "12. Dezember 2023", "12th of December 2023"],
        ),
        ("date:03-12", ["12 березня", "12.03.2025", "March 12th", "12 марта", "3/12/1999"]),
        ("time:2:30", ["14:30", "2:30 pm", "о пів на третю", "половина третьего", "half past two"]),
        ("time:14:30", ["14:30", "2:30 p.m."]),
        ("currency:uah", ["350000 грн", "5 тис. гривень", "₴7", "9 UAH"]),
        ("currency:usd", ["$5", "5 dollars", "5 млн доларів", "5 $"]),
    ],
)  # fmt: skip
def test_one_token_for_all_notations(token: str, texts: list[str]) -> None:
    without = [text for text in texts if token not in lemmas(text, "und")]
    if token == "date:03-12":  # a date of digits is read with the day first, as most of the world
        without.remove("3/12/1999")
    assert without == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 days", ["days", "3"]),
        ("B2 and 2b, 90х", ["b2", "and", "2b", "90х"]),
        ("31.02.2023", ["31", "02", "2023"]),
        ("version 1.2.3", ["version", "1", "2", "3"]),
        ("350 000 гривень", ["гривень", "350000", "currency:uah"]),
        ("5 may 7 things", ["may", "things", "date:05-05", "7"]),
        ("0.125", ["0.125"]),
        ("25:61", ["25", "61"]),
    ],
)
def test_what_is_left_are_words(text: str, expected: list[str]) -> None:
    assert lemmas(text, "und") == expected
