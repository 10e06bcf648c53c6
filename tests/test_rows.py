"""Rows of tables, and short lines with a phone number or an address, that a question asks for."""

import pytest

from embeddings.search.clauses import answering_row, rows_asked_for
from embeddings.search.names import holds_contact

ROWS = [
    "The ferry calls at all piers.",
    "Line: Red | Pier: Molen | Fare: 4",
    "Line: Blue | Pier: Stone Point | Fare: 6",
]


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Which line goes to Stone Point?", 2),
        ("What is the fare to Molen?", 1),
        ("Which pier is the Red line's?", 1),
        ("What is the fare to Garth?", None),
        ("Who waits at Molen?", None),
    ],
)
def test_a_row_answers_if_it_has_what_is_named_and_the_label_asked_for(
    question: str, row: int | None
) -> None:
    assert answering_row(question, ROWS, "en") == row


TICKETS = [
    "Season: Summer | Ticket: Child | Price: 5",
    "Season: Winter | Ticket: Adult | Price: 7",
    "Season: Winter | Ticket: Child | Price: 4",
    "Season: — | Ticket: Dog | Price: -",
    "Season: | Ticket: Bicycle | Price: 2",
]


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What is the price of a child ticket in winter?", 2),
        ("What is the price of a child ticket?", None),
        ("What is the price of a ticket?", None),
        ("What is the price in summer?", 0),
        ("What is the price for a dog?", 3),
    ],
)
def test_a_row_answers_if_no_other_has_as_much_of_what_is_named(
    question: str, row: int | None
) -> None:
    assert answering_row(question, TICKETS, "en") == row


def test_an_empty_cell_is_not_named() -> None:
    for cell in ("—", "-", ""):
        assert (
            answering_row("Which zone is Garth in?", [f"Zone: Hill | Town: {cell}"], "en") is None
        )


LEAFLET = "Ferry office. Contacts. Tickets: 555-0170 Harbour Street 3"


@pytest.mark.parametrize(
    ("question", "text", "holds"),
    [
        ("What is the address of the ferry office?", LEAFLET, True),
        ("What is the phone number of the ferry?", LEAFLET, True),
        ("What is the address of the museum?", LEAFLET, False),
        ("What does the ferry office sell?", LEAFLET, False),
        ("Яка адреса музею?", "Музей. вул. Річкова, 5", True),
        ("Какой телефон у школы?", "Школа работает до 17.", False),
    ],
)
def test_a_contact_is_held_with_the_name_of_its_owner(
    question: str, text: str, holds: bool
) -> None:
    assert holds_contact(question, text) is holds


KETTLES = [
    "Model: K40 | Colour: Steel | Price: 49",
    "Model: K40 B | Colour: Black | Price: 54",
    "Model: K40 G | Colour: Clear glass | Price: 62",
]


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What is the price of the black K40 B?", 1),
        ("What is the price of the black K40 B? · And the glass one?", 2),
        ("What is the price of the black K40 B? · And the wooden one?", None),
        ("What is the price of the black K40 B? · And how much is it?", 1),
    ],
)
def test_a_follow_up_asks_of_the_row_that_its_new_words_name(
    question: str, row: int | None
) -> None:
    assert answering_row(question, KETTLES, "en") == row


def test_an_item_and_its_amount_and_the_first_word_of_a_name_are_asked_for() -> None:
    items = ["• sugar — 100 g", "• Children under 12: free", "Boil it — for 5 minutes, gently."]
    assert rows_asked_for("How much sugar?", items).argmax() == 0
    assert rows_asked_for("What do children pay?", items).argmax() == 1
    assert not rows_asked_for("How much flour?", items).any()
    assert not rows_asked_for("Яке рішення прийняли за внесок?", ["За — 52, проти — 14"]).any()


def test_a_day_is_a_name_of_two_letters() -> None:
    hours = ["Перерва: 13:00–13:40, крім суботи", "Сб: 10:00–15:30"]
    assert rows_asked_for("О котрій зачиняються? Сб", hours).argmax() == 1


def test_a_header_is_less_than_any_row() -> None:
    rows = ["Stop | First bus | Last bus", "Port | 05:50 | 23:10", "Mill | 05:56 | 23:16"]
    shares = rows_asked_for("When is the first bus from the stop at the mill?", rows)
    assert shares.argmax() == 2
    assert shares.argmin() == 0
    assert shares[0] < 0
