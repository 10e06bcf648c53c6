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
