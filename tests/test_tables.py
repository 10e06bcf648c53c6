"""Rows of tables as lines: groups of rows, and rows above a header."""

import pytest

from embeddings.readers import parse
from embeddings.readers.sheets.table_rows import table_blocks
from embeddings.readers.tables import Cell, row_texts

MILL = [Cell("Mill"), Cell("stone"), Cell("tall")]
BARN = [Cell("Barn"), Cell("wood"), Cell("low")]


def merged(text: str, rows: int = 1) -> list[Cell]:
    return [Cell(text, rows, columns=3)]


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        (
            [MILL, merged("Owner: Anna"), merged("Address: River Street"), BARN],
            ["Mill | stone | tall", "Owner: Anna", "Address: River Street", "Barn | wood | low"],
        ),
        (
            [MILL, merged("Farms"), merged("North"), BARN, merged("South"), []],
            ["Mill | stone | tall", "Farms", "North | Barn | wood | low", "South"],
        ),
        (
            [MILL, merged("Floor 2: offices", rows=2), [], BARN, merged("Roof")],
            ["Mill | stone | tall", "Floor 2: offices | Barn | wood | low", "Roof"],
        ),
    ],
)
def test_a_row_of_one_merged_cell_is_a_group_or_a_line(
    rows: list[list[Cell]], texts: list[str]
) -> None:
    assert row_texts(rows) == texts


def cells(*lines: str) -> list[list[Cell]]:
    return [[Cell(text) for text in line.split(",")] for line in lines]


FISH = ["Fish,Water,Price,Stock", "Pike,river,48,60", "Perch,pond,35,12"]
SOLD = [
    "Fish: Pike | Water: river | Price: 48 | Stock: 60",
    "Fish: Perch | Water: pond | Price: 35 | Stock: 12",
]


@pytest.mark.parametrize(
    ("above", "lines"),
    [
        (["Report for:,March 2026", "By:,Anna"], ["Report for: March 2026", "By: Anna"]),
        (["Prices", "For:,March,Office:,Kyiv"], ["Prices", "For: March | Office: Kyiv"]),
        (["we,put,notes", "here,,and,there"], ["we | put | notes", "here | and | there"]),
    ],
)
def test_rows_above_a_header_are_no_part_of_its_table(above: list[str], lines: list[str]) -> None:
    rows = cells(*above, *FISH)
    assert [block.text for block in table_blocks(rows)] == [*lines, *SOLD]
    text = "\n".join([*above, *FISH])
    article = parse(text.encode(), "a.csv")
    titles = [article.title] * (article.title in lines)
    assert [*titles, *article.text.split("\n\n")] == [*lines, *SOLD]


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ([",Water,Price,Stock", "Pike,river,none,none", "Perch,pond,3,2", "Ide,pond,4,1"],
         "Ide | Water: pond | Price: 4 | Stock: 1"),
        (["Fish,Water", "Pike,river,see below", "Perch,pond", "Ide,pond"],
         "Fish: Ide | Water: pond"),
    ],
)  # fmt: skip
def test_a_header_may_lack_a_label(rows: list[str], last: str) -> None:
    assert list(table_blocks(cells(*rows)))[-1].text == last


def wide(text: str, columns: int = 1, rows: int = 1) -> Cell:
    return Cell(text, rows, columns)


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        (
            [[wide("Kind"), wide("Price", 2)], cells(",full,reduced")[0], cells("day,9,4")[0],
             cells("year,90,40")[0]],
            ["Kind: day | Price full: 9 | Price reduced: 4",
             "Kind: year | Price full: 90 | Price reduced: 40"],
        ),
        (
            [[wide("Kind", 1, 2), wide("Open", 2)], cells("weekdays,Saturday")[0],
             cells("pool,all day,never")[0]],
            ["Kind: pool | Open weekdays: all day | Open Saturday: never"],
        ),
        (
            [[Cell("Room", is_header=True), Cell("Visits", columns=2, is_header=True)],
             cells(",2023,2024")[0], cells("hall,9,4")[0]],
            ["Room: hall | Visits 2023: 9 | Visits 2024: 4"],
        ),
        (  # the second row is one of values, below the label of the first column
            [[Cell("Name", is_header=True), Cell("Phone", columns=2, is_header=True)],
             cells("Anna,home 12,work 15")[0]],
            ["Name: Anna | Phone: home 12 | Phone: work 15"],
        ),
    ],
)  # fmt: skip
def test_a_header_of_two_rows(rows: list[list[Cell]], texts: list[str]) -> None:
    assert row_texts(rows) == texts


def test_names_of_groups_of_columns_are_written_before_their_labels() -> None:
    rows = [",2023,,2024", "Branch,Loans,Visits,Loans,Visits", "North,9,8,7,6", "South,5,4,3,2"]
    read = [
        "Branch: North | 2023 Loans: 9 | 2023 Visits: 8 | 2024 Loans: 7 | 2024 Visits: 6",
        "Branch: South | 2023 Loans: 5 | 2023 Visits: 4 | 2024 Loans: 3 | 2024 Visits: 2",
    ]
    assert [block.text for block in table_blocks(cells(*rows), 3)] == read
    assert parse("\n".join(rows).encode(), "a.csv").text.split("\n\n") == read


def test_two_tables_beside_each_other_keep_their_names() -> None:
    rows = ["Boiler,,,Lift", "Task,When,,Task,When", "clean,weekly,,oil,monthly", "test,yearly"]
    assert [block.text for block in table_blocks(cells(*rows), 3)] == [
        "Boiler Task: clean | Boiler When: weekly | Lift Task: oil | Lift When: monthly",
        "Boiler Task: test | Boiler When: yearly",
    ]


def test_labels_that_are_counted_are_a_header() -> None:
    rows = ["Day,1 lesson,2 lesson", "Mon,history,music", "Tue,art,sport"]
    assert (
        next(table_blocks(cells(*rows), 3)).text == "Day: Mon | 1 lesson: history | 2 lesson: music"
    )
    rows = ["Day,5 kg,20 kg", "Mon,7 kg,9 kg", "Tue,8 kg,1 kg"]
    assert next(table_blocks(cells(*rows), 3)).text == "Day | 5 kg | 20 kg"


def test_the_name_above_a_table_is_its_heading_and_ends_with_it() -> None:
    rows = ["Prices of 2025", "", *FISH, "", "Phones", "Who,Room,Phone", "Ann,two,12", ""]
    rows += ["Town,Street,Open", "Holwick,Mill Row,yes"]
    found = [(block.text, block.level) for block in table_blocks(cells(*rows), 3)]
    assert [one for one in found if one[1] or not one[0]] == [
        *(("Prices of 2025", 3), ("Phones", 3), ("", 3)),
    ]


def test_a_bold_row_of_one_cell_names_the_rows_below_in_a_sheet() -> None:
    bold = [Cell("Fruit", is_header=True), Cell(""), Cell("")]
    header = [Cell(text, is_header=True) for text in ("Name", "Price", "Stock")]
    rows = [header, bold, *cells("pear,9,4", "plum,8,3")]
    assert next(table_blocks(rows, 3)).text == "Fruit | Name: pear | Price: 9 | Stock: 4"
    named = [bold, [Cell("Bread", is_header=True), *cells("9,4")[0]]]  # all names are bold
    assert next(table_blocks([header, *named], 3)).text == "Name: Fruit"


def test_the_labels_of_an_empty_form_are_read() -> None:
    rows = [[Cell(text, is_header=True) for text in ("Name", "Date", "Signature")], [Cell("Ann")]]
    assert row_texts(rows) == ["Name | Date | Signature", "Name: Ann"]
