"""PDF: tables with drawn lines that do not part all of their rows and columns."""

import pytest

from tests.paper import WIDTH, Print, grid, set_text
from tests.test_pdf import paragraphs, read
from tests.test_pdf_layout import APPLES, HEADER, PRESS, PRICES, ROWS, set_table

ACROSS, DOWN = [714, 694, 614], [64, 184, 304, 424]


def test_rows_with_one_line_below_the_header_are_apart() -> None:
    page = set_table([HEADER, *PRICES])
    assert paragraphs(read(page, drawn=grid(ACROSS, DOWN))) == ROWS


def test_a_wrapped_label_stays_with_its_numbers() -> None:
    rows = [["Ware", "Sold", "Left"], ["Bread with", "", ""], ["caraway", "14", "4"],
            ["Butter", "3", "12"], ["Milk", "20", "7"]]  # fmt: skip
    assert paragraphs(read(set_table(rows), drawn=grid(ACROSS, DOWN))) == [
        "Ware: Bread with caraway | Sold: 14 | Left: 4",
        "Ware: Butter | Sold: 3 | Left: 12",
        "Ware: Milk | Sold: 20 | Left: 7",
    ]


def test_columns_with_a_line_around_them_are_apart() -> None:
    rows = [["Ware", "Sold", "Left"], ["Bread", "14", "4"], ["Butter", "3", "12"],
            ["Milk", "20", "7"]]  # fmt: skip
    page = [Print(line.text, line.x if line.x < 180 else 190 + (line.x - 190) / 3, line.y)
            for line in set_table(rows)]  # fmt: skip
    assert paragraphs(read(page, drawn=grid([714, 694, 634], [64, 184, 304]))) == [
        "Ware: Bread | Sold: 14 | Left: 4",
        "Ware: Butter | Sold: 3 | Left: 12",
        "Ware: Milk | Sold: 20 | Left: 7",
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["Pruning in", "Saw and glue"], ["winter", "are brought along"]],
        [["Terrace", "Trees"], ["north", "apples"], ["Terrace", "Trees"], ["south", "pears"]],
        [["5", "11"], ["-", "-"], ["10", "16"]],
    ],
)
def test_wrapped_text_is_one_row(rows: list[list[str]]) -> None:
    lines = grid([714, 714 - 20 * len(rows), 714 - 20 * len(rows) - 20], [64, 184, 304])
    page = [*set_table(rows), *set_table([["all", "none"]], 700 - 20 * len(rows))]
    joined = " | ".join(" ".join(cells) for cells in zip(*rows, strict=True))
    assert paragraphs(read(page, drawn=lines)) == [joined, "all | none"]


def test_labels_that_nearly_touch_are_parted_by_the_line_between_them() -> None:
    page = set_table([["Salted butter", "Price", "Left"], *[["", "4", "1"]] * 2])
    left = 70 + 10 * WIDTH * (len("Salted butter") + 0.3)
    page[1] = Print("Price", left + 4, page[1].y)
    lines = grid([714, 694, 674, 654], [64, left + 1, 304, 424])
    assert paragraphs(read(page, drawn=lines))[0] == "Price: 4 | Left: 1"


def test_a_line_drawn_in_a_part_of_a_cell_does_not_repeat_it() -> None:
    lines = f"{grid([714, 694, 634], [64, 424])} 304 714 m 304 694 l S 304 660 m 424 660 l S"
    page = [Print("Ware", 70, 700), Print("Price", 310, 700), Print("The fee is paid", 70, 680),
            Print("at the gate.", 70, 640)]  # fmt: skip
    assert paragraphs(read(page, drawn=lines)) == ["Ware | Price", "The fee is paid at the gate."]


def test_what_is_printed_twice_in_the_same_place_is_read_once() -> None:
    page = set_text(APPLES, PRESS)
    again = [Print(line.text, line.x + 0.5, line.y) for line in page]
    assert paragraphs(read([*page, *again])) == [APPLES, PRESS]
