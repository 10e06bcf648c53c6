"""PDF: tables with drawn lines that do not part all of their rows and columns."""

import textwrap
from dataclasses import replace

import pytest

from embeddings.readers import parse
from tests.paper import WIDTH, Print, grid, set_text, write_pdf
from tests.test_pdf import paragraphs, read
from tests.test_pdf_layout import APPLES, BOAT, HEADER, PRESS, PRICES, ROWS, set_table

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


PRICED = [["Paper", "Price", ""], ["", "for 100", "for 500"], ["Glossy, of", "9", "27"],
          ["the best kind", "", ""], ["Matt", "10", "31"], ["Recycled", "12", "36"]]  # fmt: skip
PRICED_ROWS = [
    "Paper: Glossy, of the best kind | Price for 100: 9 | Price for 500: 27",
    "Paper: Matt | Price for 100: 10 | Price for 500: 31",
    "Paper: Recycled | Price for 100: 12 | Price for 500: 36",
]


def across(*heights: float, left: float = 64, right: float = 400) -> str:
    return " ".join(f"{left} {height} m {right} {height} l S" for height in heights)


def test_lines_across_are_the_rows_of_a_table_below_a_header_of_two_rows() -> None:
    lines = f"{across(694, left=184)} {across(674, 634, 614, 594)}"
    assert paragraphs(read(set_table(PRICED), drawn=lines)) == PRICED_ROWS


def test_a_header_of_two_rows_is_repeated_on_each_page() -> None:
    lines = f"{across(694, left=184)} {across(674, 634, 614, 594)}"
    pages: list[list[Print]] = []
    rows: list[str] = []
    for number, (above, below) in enumerate([(APPLES, PRESS), (BOAT, APPLES), (PRESS, BOAT)]):
        goods = [[f"Silk {number}{n}", f"{n}4", f"4{n}"] for n in (1, 2, 3)]
        table = set_table([*PRICED[:2], goods[0], ["", "", ""], *goods[1:]])
        pages.append([*set_text(above, y=790), *table, *set_text(below, y=500)])
        prices = [f"Paper: {x} | Price for 100: {y} | Price for 500: {z}" for x, y, z in goods]
        rows += [above, *prices, below]
    assert paragraphs(read(*pages, drawn=lines)) == rows


@pytest.mark.parametrize("own", [True, False])
def test_a_header_is_repeated_on_the_third_page(own: bool) -> None:
    pages = []
    for number in range(3):
        goods = [[f"Ware {number}{n}", f"kind {n}", f"{n}{n}"] for n in (1, 2, 3, 4)]
        head = [HEADER] if own or number == 0 else []
        table = set_table([*head, *goods], 700 - 40 * number)
        bold = len(HEADER) * len(head)
        pages.append([*(replace(line, bold=True) for line in table[:bold]), *table[bold:]])
    texts = paragraphs(read(*pages))
    assert [text.split(":")[0] for text in texts] == [HEADER[0]] * 12


def test_three_lines_across_end_the_header() -> None:
    rows = [
        ["Option", "Meaning"],
        ["book", "a book"],
        ["koma", "of KOMA-Script"],
        ["poem", "verses"],
    ]
    page = [*set_text(APPLES, y=760), *set_table(rows)]
    lines = across(714, 694, 634)
    assert paragraphs(read(page, drawn=lines))[1:] == [
        "Option: book | Meaning: a book",
        "Option: koma | Meaning: of KOMA-Script",
        "Option: poem | Meaning: verses",
    ]


def test_a_row_alone_between_lines_names_the_rows_below_it() -> None:
    rows = [["Dish", "Price"], ["Soups", ""], ["Borsch", "85"], ["Kulish", "70"]]
    lines = across(714, 694, 674, 654, 634)
    page = set_table(rows)
    page[:2] = [replace(line, bold=True) for line in page[:2]]
    assert paragraphs(read(page, drawn=lines)) == [
        "Soups | Dish: Borsch | Price: 85",
        "Soups | Dish: Kulish | Price: 70",
    ]


def test_a_table_in_one_of_two_columns_leaves_them_apart() -> None:
    table = [Print(line.text, line.x - 10, line.y - 40) for line in set_table(PRICED)]
    left = [Print(text, 60, 760 - n * 14) for n, text in enumerate(textwrap.wrap(APPLES, 38))]
    right = [
        Print(text, 420, 766 - n * 14)
        for n, text in enumerate(textwrap.wrap(f"{BOAT} {PRESS} {BOAT}", 27))
    ]
    lines = f"{across(654, left=174, right=390)} {across(634, 594, 574, 554, left=54, right=390)}"
    found = paragraphs(read([*left, *table, *right], drawn=lines))
    assert found == [APPLES, *PRICED_ROWS, f"{BOAT} {PRESS} {BOAT}"]


def test_contents_that_go_on_over_a_page_are_no_table() -> None:
    entries = [
        [f"{chapter}.{n}", f"On {word} " + ". " * 12, str(3 * chapter + n)]
        for chapter, word in enumerate(("apples", "pears", "plums", "nuts"), start=2)
        for n in (1, 2)
    ]
    first = [Print("Contents", 60, 740, bold=True), *set_table(entries[:4], 700)]
    second = [
        *set_table(entries[4:], 760),
        Print("Chapter 1", 60, 600, 16, bold=True),
        *set_text(APPLES, y=560),
    ]
    article = read(
        [Print("Fruit in the garden", 60, 760, 20), *set_text(PRESS, y=700)], first, second
    )
    assert paragraphs(article)[-1] == APPLES
    assert not any("pears" in text or "nuts" in text for text in paragraphs(article))
    assert article.sections[-1].headings[-1] == "Chapter 1"


def test_lines_of_drawings_placed_in_each_other_are_those_of_the_page() -> None:
    outer = b"/Resources << /XObject << /B 91 0 R >> >>", b"q 1 0 0 1 0 100 cm /B Do Q"
    inner = b"", f"{across(594, left=184)} {across(574, 534, 514, 494)}".encode()
    data = write_pdf([set_table(PRICED)], drawn="/A Do")
    data = data.replace(b"/Resources <<", b"/Resources << /XObject << /A 90 0 R >>")
    for number, (held, content) in enumerate([outer, inner], start=90):
        head = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]"
        data += b"\n%d 0 obj\n<< %s %s /Length %d >>\nstream\n" % (number, head, held, len(content))
        data += content + b"\nendstream\nendobj\n"
    assert paragraphs(parse(data, "ware.pdf")) == PRICED_ROWS


FEES = [["Kind", "Members", "Guests"], ["Adults", "50", "70"], ["Children", "20", "30"],
        ["Students", "30", "40"]]  # fmt: skip
ROOMS = [["Room", "Hour", "Day"], ["Hall", "500", "700"], ["Office", "200", "300"],
         ["Garden", "310", "410"]]  # fmt: skip


def labelled(head: list[str], *rows: list[str]) -> list[str]:
    return [
        " | ".join(f"{label}: {cell}" for label, cell in zip(head, row, strict=True) if cell)
        for row in rows
    ]


@pytest.mark.parametrize("right", [400, 380])
@pytest.mark.parametrize("gap", [0, 8])
def test_lined_tables_below_each_other_are_both_read(right: float, gap: float) -> None:
    page = [*set_table(FEES, 700), *set_table(ROOMS, 610 - gap)]
    lines = " ".join([across(714, 694, 634), across(624 - gap, 604 - gap, 544 - gap, right=right)])
    assert paragraphs(read(page, drawn=lines)) == labelled(*FEES) + labelled(*ROOMS)


def test_lines_across_some_columns_lose_no_other() -> None:
    notes = ["Note", "in May", "", "by card", ""]
    rows = [[*row, note] for row, note in zip([*FEES, ["Seniors", "25", "35"]], notes, strict=True)]
    lines = " ".join([across(714, 694, 614, right=540), across(674, 654, 634, right=400)])
    assert paragraphs(read(set_table(rows), drawn=lines)) == labelled(*rows)


def test_rows_of_a_group_between_lines_are_apart() -> None:
    groups = [
        [[name if not n else "", day, f"{9 + n}–{17 + n}"] for n, day in enumerate(["Mon", "Tue"])]
        for name in ("Central", "Northern", "Southern", "Eastern")
    ]
    rows = [["Branch", "Day", "Hours"], *(row for group in groups for row in group)]
    lines = across(714, 694, 654, 614, 574, 534)
    assert paragraphs(read(set_table(rows), drawn=lines)) == labelled(*rows)


@pytest.mark.parametrize(
    "above", [["Romashka, Kyiv", "Central library"], ["Pupil: Anna", "Class: 5"], ["No.", "117"]]
)
@pytest.mark.parametrize("headed", [True, False])
def test_what_stands_above_a_lined_table_is_no_header(above: list[str], headed: bool) -> None:
    lines = across(714, 694, 634) if headed else across(694, 674, 654, 634)
    page = [*set_table([above], 720), *set_table(FEES)]
    assert paragraphs(read(page, drawn=lines))[-3:] == labelled(*FEES)


def test_a_line_below_two_labels_is_parted_between_them() -> None:
    head = [["Ticket", "Weekday", "", "Weekend", ""], ["", "Adult", "Child", "Adult", "Child"]]
    rows = [["Day", "100", "50", "150", "75"], ["Month", "900", "450", "1200", "600"],
            ["Evening", "60", "30", "80", "40"]]  # fmt: skip
    page = [replace(x, x=70 + (x.x - 70) * 0.7) for x in set_table([*head, *rows])]
    page[1:3] = [replace(line, x=line.x + 30) for line in page[1:3]]
    lines = " ".join([across(694, left=130, right=480), across(714, 674, 614, right=480)])
    names = ["Ticket", "Weekday Adult", "Weekday Child", "Weekend Adult", "Weekend Child"]
    assert paragraphs(read(page, drawn=lines)) == labelled(names, *rows)


def test_what_stands_above_a_lined_table_is_read_before_it() -> None:
    table = set_table([["Borsch", "120"], ["Salad", "70"], ["Tea", "30"], ["Kvas", "20"]])
    page = [*table[1::2], Print("Menu of the day", 60, 760, 20), *table[::2]]
    found = paragraphs(read(page, drawn=across(714, 694, 674, 654, 634)))
    assert found[0] == "Menu of the day"
