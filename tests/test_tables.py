"""Rows of tables as lines: groups of rows."""

import pytest

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
