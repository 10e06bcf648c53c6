"""Rows of tables, and short lines with a phone number or an address, that a question asks for."""

import pytest

from embeddings.search.clauses import answering_row
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
